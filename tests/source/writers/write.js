// Writes the values of a JSON file with each of JSON.stringify's indentations into a folder.
const fs = require("fs");
const [from, folder] = process.argv.slice(2);
const values = JSON.parse(fs.readFileSync(from, "utf8"));
for (const indent of [0, 1, 2, 3, 4, 8, "\t", "\t\t", " \t"]) {
    const text = JSON.stringify(values, null, indent);
    const name = JSON.stringify(indent).replace(/[^0-9a-z ]/g, "_");
    fs.writeFileSync(`${folder}/${name}.json`, text);
    fs.writeFileSync(`${folder}/${name}.newline.json`, text + "\n");
    fs.writeFileSync(`${folder}/${name}.crlf.json`, text.replace(/\n/g, "\r\n") + "\r\n");
}
