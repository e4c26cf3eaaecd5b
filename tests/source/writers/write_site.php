<?php
// Writes the records of a JSON file as a site would that keeps them with each of PHP's functions: write_site.php VALUES FOLDER.
[, $from, $folder] = $argv;
$records = json_decode(file_get_contents($from), true);
$flags = [
    'plain' => 0, 'pretty' => JSON_PRETTY_PRINT, 'unescaped' => JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES,
    'all' => JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION,
    'hex' => JSON_HEX_TAG | JSON_HEX_AMP | JSON_HEX_APOS | JSON_HEX_QUOT, 'objects' => JSON_FORCE_OBJECT,
    'numeric' => JSON_NUMERIC_CHECK,
];
foreach (['json_encode', 'var_export', 'serialize', 'fputcsv'] as $function) {
    mkdir("$folder/$function");
}
foreach ($flags as $name => $set) {
    file_put_contents("$folder/json_encode/{$name}_posts.json", json_encode($records, $set));
    file_put_contents("$folder/json_encode/{$name}_data.json", json_encode(['articles' => $records, 'n' => 1], $set));
}
unset($records[1]);
file_put_contents("$folder/json_encode/gap_posts.json", json_encode($records));
$keyed = array_combine(array_map(fn ($record) => "slug-{$record['id']}", $records), $records);
file_put_contents("$folder/json_encode/keyed_posts.json", json_encode($keyed));
foreach (['list' => array_values($records), 'gap' => $records, 'keyed' => $keyed] as $name => $values) {
    file_put_contents("$folder/var_export/{$name}_posts.php", '<?php return ' . var_export($values, true) . ";\n");
    file_put_contents("$folder/serialize/{$name}_posts.ser", serialize($values));
}
file_put_contents("$folder/serialize/lines_posts.txt", implode('', array_map(fn ($one) => serialize($one) . "\n", $records)));
foreach (['comma' => ',', 'semicolon' => ';', 'tab' => "\t"] as $name => $delimiter) {
    $stream = fopen("$folder/fputcsv/{$name}_posts.csv", 'w');
    $columns = ['id', 'title', 'body', 'price', 'created', 'code', 'note'];
    fputcsv($stream, $columns, $delimiter, '"', '\\');
    foreach ($records as $record) {
        fputcsv($stream, array_map(fn ($name) => $record[$name] ?? '', $columns), $delimiter, '"', '\\');
    }
    fclose($stream);
}
