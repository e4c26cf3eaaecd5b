<?php
// Writes the values of a JSON file with each combination of json_encode's flags into a folder, and lists what it wrote.
[, $from, $folder] = $argv;
$values = json_decode(file_get_contents($from), true, 600);
$flags = [
    'hex_tag' => JSON_HEX_TAG, 'hex_amp' => JSON_HEX_AMP, 'hex_apos' => JSON_HEX_APOS, 'hex_quot' => JSON_HEX_QUOT,
    'force_object' => JSON_FORCE_OBJECT, 'numeric_check' => JSON_NUMERIC_CHECK,
    'unescaped_slashes' => JSON_UNESCAPED_SLASHES, 'unescaped_unicode' => JSON_UNESCAPED_UNICODE,
    'unescaped_line_terminators' => JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_LINE_TERMINATORS,
    'preserve_zero_fraction' => JSON_PRESERVE_ZERO_FRACTION, 'pretty_print' => JSON_PRETTY_PRINT,
    'invalid_utf8_substitute' => JSON_INVALID_UTF8_SUBSTITUTE,
];
$sets = ['none' => 0, 'all_hex' => JSON_HEX_TAG | JSON_HEX_AMP | JSON_HEX_APOS | JSON_HEX_QUOT];
foreach ($flags as $name => $flag) {
    $sets[$name] = $flag;
    foreach ($flags as $other => $more) {
        if ($name < $other) {
            $sets["$name-$other"] = $flag | $more;
        }
    }
}
$sets['all'] = array_sum([JSON_HEX_TAG, JSON_HEX_AMP, JSON_HEX_APOS, JSON_HEX_QUOT, JSON_UNESCAPED_SLASHES,
    JSON_UNESCAPED_UNICODE, JSON_PRESERVE_ZERO_FRACTION, JSON_PRETTY_PRINT]);
foreach ([-1, 17] as $precision) {
    ini_set('serialize_precision', $precision);
    foreach ($sets as $name => $set) {
        $text = json_encode($values, $set);
        if ($text === false) {
            continue;
        }
        file_put_contents("$folder/$name.$precision.json", $text);
        if ($precision === -1 && $set & JSON_PRETTY_PRINT) {
            $narrow = preg_replace_callback('/^ +/m', fn ($m) => str_repeat('  ', strlen($m[0]) / 4), $text);
            $tabs = preg_replace_callback('/^ +/m', fn ($m) => str_repeat("\t", strlen($m[0]) / 4), $text);
            file_put_contents("$folder/$name.narrow.json", $narrow . "\n");
            file_put_contents("$folder/$name.tabs.json", $tabs);
            file_put_contents("$folder/$name.crlf.json", str_replace("\n", "\r\n", $text) . "\r\n");
        }
    }
}
