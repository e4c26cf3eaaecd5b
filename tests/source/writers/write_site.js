// Writes the records of a JSON file with JSON.stringify as programs do: write_site.js VALUES FOLDER.
const fs = require("fs");
const [from, folder] = process.argv.slice(2);
const records = JSON.parse(fs.readFileSync(from, "utf8"));
for (const [name, indent] of [["plain", 0], ["two", 2], ["four", 4], ["tab", "\t"]]) {
    fs.writeFileSync(`${folder}/${name}_posts.json`, JSON.stringify(records, null, indent));
    fs.writeFileSync(`${folder}/${name}_data.json`, JSON.stringify({articles: records, n: 1}, null, indent) + "\n");
}
fs.writeFileSync(`${folder}/lines_posts.ndjson`, records.map((record) => JSON.stringify(record) + "\n").join(""));
