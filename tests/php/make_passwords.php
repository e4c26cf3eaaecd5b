<?php
// Prints a list of accounts as JSON, one for each way in which PHP sites keep passwords, each made by PHP itself:
//     php -n tests/php/make_passwords.php > tests/php/passwords.json
// `salt` stands where the site keeps it beside the hash. Run anew, it makes other salts, hence other hashes.

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The alphabet of crypt(), six bits a letter, the lowest first. */
function crypt_letters(string $bytes): string
{
    $text = '';
    foreach (str_split($bytes, 3) as $group) {
        $number = 0;
        foreach (str_split($group) as $place => $byte) {
            $number |= ord($byte) << (8 * $place);
        }
        for ($letter = 0; $letter <= strlen($group); $letter++) {
            $text .= ALPHABET[($number >> (6 * $letter)) & 63];
        }
    }
    return $text;
}

function salt(int $length): string
{
    return substr(crypt_letters(random_bytes($length)), 0, $length);
}

/** The portable hash of phpass: WordPress and phpBB use md5, Drupal 7 uses sha512. */
function portable_hash(string $password, string $mark, int $cost, string $algorithm): string
{
    $salt = salt(8);
    $hash = hash($algorithm, $salt . $password, true);
    for ($round = 0; $round < 2 ** $cost; $round++) {
        $hash = hash($algorithm, $hash . $password, true);
    }
    return substr($mark . ALPHABET[$cost] . $salt . crypt_letters($hash), 0, 55);
}

function wordpress_hash(string $password): string
{
    $digest = base64_encode(hash_hmac('sha384', trim($password), 'wp-sha384', true));
    return '$wp' . password_hash($digest, PASSWORD_BCRYPT, ['cost' => 4]);
}

$cheap = ['cost' => 4];
$small = ['memory_cost' => 1024, 'time_cost' => 1, 'threads' => 1];
$long = str_repeat('Straße und Maß ', 6);
$binary = random_bytes(8);
$accounts = [
    // What password_hash() and crypt() make.
    ['bcrypt', 'correct horse', password_hash('correct horse', PASSWORD_BCRYPT)],
    ['bcrypt, longer than 72 bytes', $long, password_hash($long, PASSWORD_BCRYPT, $cheap)],
    ['bcrypt, old mark', 'Käse', crypt('Käse', '$2a$04$' . substr(salt(22), 0, 21) . 'u')],
    ['argon2i', 'Zürich', password_hash('Zürich', PASSWORD_ARGON2I, $small)],
    ['argon2id', 'Żółw', password_hash('Żółw', PASSWORD_ARGON2ID, $small)],
    ['argon2id, as PHP has it', '日本', password_hash('日本', PASSWORD_ARGON2ID)],
    ['md5-crypt', 'geheim', crypt('geheim', '$1$' . salt(8) . '$')],
    ['md5-crypt, short salt', 'geheim', crypt('geheim', '$1$ab$')],
    ['md5-crypt, odd salt', 'geheim', crypt('geheim', '$1$a+b=:!c$')],
    ['sha256-crypt', 'geheim', crypt('geheim', '$5$' . salt(16) . '$')],
    ['sha512-crypt', 'geheim', crypt('geheim', '$6$' . salt(16) . '$')],
    ['sha512-crypt, rounds', 'geheim', crypt('geheim', '$6$rounds=1000$' . salt(16) . '$')],
    ['sha512-crypt, odd salt', 'geheim', crypt('geheim', '$6$a+b=:!c$')],
    // What well-known systems make.
    ['phpass', 'letmein', portable_hash('letmein', '$P$', 13, 'md5')],
    ['phpBB', 'letmein', portable_hash('letmein', '$H$', 9, 'md5')],
    ['Drupal', 'letmein', portable_hash('letmein', '$S$', 15, 'sha512')],
    ['WordPress 6.8', 'letmein', wordpress_hash('letmein')],
    ['WordPress 6.8, trimmed', " let me in\t", wordpress_hash(" let me in\t")],
    // Fast hashes.
    ['md5', 'hunter2', md5('hunter2')],
    ['md5, upper case', 'hunter2', strtoupper(md5('hunter2'))],
    ['md5 of md5', 'hunter2', md5(md5('hunter2'))],
    ['sha1', 'hunter2', sha1('hunter2')],
    ['sha256', 'hunter2', hash('sha256', 'hunter2')],
    ['sha512', 'hunter2', hash('sha512', 'hunter2')],
    ['LDAP md5', 'hunter2', '{MD5}' . base64_encode(md5('hunter2', true))],
    ['LDAP sha1', 'hunter2', '{SHA}' . base64_encode(sha1('hunter2', true))],
    ['LDAP sha1 with a salt', 'hunter2', '{SSHA}' . base64_encode(sha1('hunter2' . $binary, true) . $binary)],
    ['LDAP md5 with a salt', 'hunter2', '{SMD5}' . base64_encode(md5('hunter2' . $binary, true) . $binary)],
    ['Joomla', 'hunter2', md5('hunter2' . 'qvN0zvQ3mXjHtB7w') . ':qvN0zvQ3mXjHtB7w'],
    ['osCommerce', 'hunter2', md5('4f' . 'hunter2') . ':4f'],
    ['salt, colon, sha1', 'hunter2', 's4lt:' . sha1('s4lt' . 'hunter2')],
    ['salt that looks like a hash', 'hunter2', md5('hunter2' . md5('a')) . ':' . md5('a')],
    ['salt of dots and colons', 'hunter2', md5('a:b.$+c' . 'hunter2') . ':a:b.$+c'],
    ['name, salt, sha1', 'hunter2', 'sha1$a1b2c$' . sha1('a1b2c' . 'hunter2')],
    ['name, sha256', 'hunter2', 'sha256:' . hash('sha256', 'hunter2')],
    ['name, salt, sha256 with a key', 'hunter2', 'sha256$k3y$' . hash_hmac('sha256', 'hunter2', 'k3y')],
    // Fast hashes whose salt stands beside them.
    ['md5(salt.p)', 'hunter2', md5('NaCl' . 'hunter2'), 'NaCl'],
    ['md5(p.salt)', 'hunter2', md5('hunter2' . 'NaCl'), 'NaCl'],
    ['md5(md5(p).salt)', 'hunter2', md5(md5('hunter2') . 'NaCl'), 'NaCl'],
    ['md5(salt.md5(p))', 'hunter2', md5('NaCl' . md5('hunter2')), 'NaCl'],
    ['md5(md5(salt).md5(p))', 'hunter2', md5(md5('NaCl') . md5('hunter2')), 'NaCl'],
    ['sha1(salt.p)', 'Größe', sha1('Salz ü' . 'Größe'), 'Salz ü'],
    ['sha1(p.salt)', 'hunter2', sha1('hunter2' . 'NaCl'), 'NaCl'],
    ['sha1(sha1(p).salt)', 'hunter2', sha1(sha1('hunter2') . 'NaCl'), 'NaCl'],
    ['sha1(salt.sha1(p))', 'hunter2', sha1('NaCl' . sha1('hunter2')), 'NaCl'],
    ['sha512(salt.p)', 'hunter2', hash('sha512', 'NaCl' . 'hunter2'), 'NaCl'],
    ['md5, and a salt for something else', 'hunter2', md5('hunter2'), 'NaCl'],
];
$printed = [];
foreach ($accounts as $number => $account) {
    $printed[] = [
        'id' => $number + 1,
        'username' => $account[0],
        'right' => $account[1],
        'password' => $account[2],
        'salt' => $account[3] ?? null,
    ];
}
echo json_encode($printed, JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
