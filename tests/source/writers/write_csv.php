<?php
// Writes the rows of a JSON file with fputcsv, with each delimiter and escape, into a folder.
[, $from, $folder] = $argv;
$rows = json_decode(file_get_contents($from), true);
foreach ([',', ';', "\t", '|'] as $number => $delimiter) {
    foreach (['default' => '\\', 'none' => ''] as $name => $escape) {
        foreach (['lf' => "\n", 'crlf' => "\r\n"] as $ends => $eol) {
            $stream = fopen("$folder/$number.$name.$ends.csv", 'w');
            $again = [];
            foreach ($rows as $row) {
                fputcsv($stream, $row, $delimiter, '"', $escape, $eol);
            }
            fclose($stream);
            $stream = fopen("$folder/$number.$name.$ends.csv", 'r');
            while (($row = fgetcsv($stream, null, $delimiter, '"', $escape)) !== false) {
                $again[] = $row;
            }
            file_put_contents("$folder/$number.$name.$ends.json", json_encode($again));
        }
    }
}
