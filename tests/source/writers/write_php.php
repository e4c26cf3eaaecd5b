<?php
// Writes the values of a JSON file with all that PHP writes them itself into a folder: write_php.php VALUES FOLDER.
// With a third word it reads back instead: write_php.php VALUES FOLDER read, and prints what isn't the same.
enum Suit: string { case Hearts = 'h'; case Spades = 's'; }
class Post
{
    public $title;
    protected $status;
    private $tags;

    public static function __set_state(array $members): static
    {
        $post = new static();
        foreach ($members as $name => $value) {
            $post->$name = $value;
        }
        return $post;
    }
}

function build(mixed $value): mixed
{
    if (!is_array($value)) {
        return $value;
    }
    if (isset($value['@float'])) {
        return constant($value['@float']) * ($value['@sign'] ?? 1);
    }
    if (isset($value['@int'])) {
        return (int) $value['@int'];
    }
    if (isset($value['@case'])) {
        return constant('Suit::' . $value['@case']);
    }
    if (isset($value['@object'])) {
        return (object) array_map(build(...), $value['@object']);
    }
    if (isset($value['@post'])) {
        return Post::__set_state(array_combine(['title', 'status', 'tags'], array_map(build(...), $value['@post'])));
    }
    return array_map(build(...), $value);
}

function same(mixed $one, mixed $other): bool
{
    return serialize($one) === serialize($other);
}

session_save_path(sys_get_temp_dir());
ini_set('session.use_cookies', '0');
[, $from, $folder] = $argv;
$cases = array_map(build(...), json_decode(file_get_contents($from), true, 600));
if (isset($argv[3])) {
    ini_set('serialize_precision', 17);
    foreach (glob("$folder/*") as $file) {
        $case = $cases[(int) basename($file)];
        $read = str_ends_with($file, '.php') ? include $file : unserialize(file_get_contents($file));
        if (!same($read, $case)) {
            echo basename($file), ": ", file_get_contents($file), "\n    is ", json_encode($read), " for ", json_encode($case), "\n";
        }
    }
    exit;
}
session_id('outgrow');
@session_start();
foreach ([-1, 17] as $precision) {
    ini_set('serialize_precision', $precision);
    foreach ($cases as $number => $case) {
        file_put_contents("$folder/$number.$precision.php", '<?php return ' . var_export($case, true) . ";\n");
        file_put_contents("$folder/$number.$precision.assigned.php", "<?php\n\$data = " . var_export($case, true) . ';');
        file_put_contents("$folder/$number.$precision.ser", serialize($case));
        if (count($case) > 1 && !array_filter($case, fn ($part) => !is_array($part) && (!is_object($part) || $part instanceof Suit))) {
            $lines = array_map(fn ($part) => serialize($part) . "\n", $case);
            file_put_contents("$folder/$number.$precision.txt", implode('', $lines));
        }
        if ($case && !array_filter(array_keys($case), fn ($key) => !preg_match('/^[a-z_]\w*$/i', (string) $key))) {
            $_SESSION = $case;
            file_put_contents("$folder/sess_$number" . ($precision < 0 ? 'a' : 'b'), session_encode());
        }
    }
}
session_abort();
