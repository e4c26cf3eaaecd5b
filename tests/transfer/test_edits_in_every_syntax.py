"""Each syntax writes what its old program would have written, of changed, new and deleted records and of the others.

A writer makes the files of some people as that program does. The app changes one, deletes one and adds one; export must
give what the writer makes of the people as they are then.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from site_of_files import Site


@dataclass(frozen=True)
class Person:
    """A person; `number` is what a list that numbers its elements calls them."""

    number: int
    name: str
    age: int
    city: str


People = Sequence[Person]
Write = Callable[[People], dict[str, str]]
BEFORE = (Person(0, "ann", 41, "Kyiv"), Person(1, "bob", 17, "Lviv"), Person(2, "cleo", 30, "Odesa"))
AFTER = (Person(1, "bob", 18, "Lviv"), BEFORE[2], Person(3, "zed", 7, "Rome"))
EDITS = (
    "UPDATE people SET age = 18 WHERE age = 17",
    "DELETE FROM people WHERE age = 41",
    "INSERT INTO people ({name}, age, city) VALUES ('zed', 7, 'Rome')",
)


def one_file(path: str, write: Callable[[People], str]) -> Write:
    return lambda people: {path: write(people)}


def file_each(pattern: str, write: Callable[[Person], str]) -> Write:
    return lambda people: {pattern.format(person.name): write(person) for person in people}


def plain(person: Person, *, named: bool = True) -> dict[str, object]:
    return ({"name": person.name} if named else {}) | {"age": person.age, "city": person.city}


def exported(person: Person) -> str:
    """A record as PHP's var_export has it, one level deep."""
    fields = f"'name' => '{person.name}',\n    'age' => {person.age},\n    'city' => '{person.city}'"
    return f"  array (\n    {fields},\n  ),\n"


def serialized(person: Person, *, named: bool = True) -> str:
    name = f's:4:"name";s:{len(person.name)}:"{person.name}";' if named else ""
    count = 3 if named else 2
    return f'a:{count}:{{{name}s:3:"age";i:{person.age};s:4:"city";s:{len(person.city)}:"{person.city}";}}'


def php_list(people: People) -> str:
    rows = "".join(f"  {person.number} => \n{exported(person)}" for person in people)
    return f"<?php\nreturn array (\n{rows});\n"


def php_short(people: People) -> str:
    rows = "".join(f"    ['name' => '{p.name}', 'age' => {p.age}, 'city' => '{p.city}'],\n" for p in people)
    return f"<?php\n\nreturn [\n{rows}];\n"


def php_map(people: People) -> str:
    rows = "".join(f"    '{p.name}' => ['age' => {p.age}, 'city' => '{p.city}'],\n" for p in people)
    return f"<?php return [\n{rows}];\n"


def serialized_list(people: People) -> str:
    return f"a:{len(people)}:{{{''.join(f'i:{person.number};{serialized(person)}' for person in people)}}}"


def serialized_map(people: People) -> str:
    rows = (f's:{len(person.name)}:"{person.name}";{serialized(person, named=False)}' for person in people)
    return f"a:{len(people)}:{{{''.join(rows)}}}"


def rows(delimiter: str, quote: str = "", newline: str = "\n") -> Callable[[People], str]:
    def write(people: People) -> str:
        cells = [["name", "age", "city"], *([person.name, str(person.age), person.city] for person in people)]
        return "".join(delimiter.join(f"{quote}{cell}{quote}" for cell in row) + newline for row in cells)

    return write


def yaml_list(people: People) -> str:
    return "".join(f"- name: {person.name}\n  age: {person.age}\n  city: {person.city}\n" for person in people)


def yaml_map(people: People) -> str:
    return "# people\n" + "".join(f"{p.name}:\n    age: {p.age}\n    city: {p.city}\n" for p in people)


def front_matter(person: Person) -> str:
    return f"---\nage: {person.age}\ncity: {person.city}\n---\n"


def kirby(person: Person) -> str:
    return f"Age: {person.age}\n\n----\n\nCity: {person.city}\n"


def in_document(people: People) -> str:
    records = json.dumps([plain(person) for person in people], indent=2).replace("\n", "\n  ")
    return f'{{\n  "version": 3,\n  "people": {records},\n  "settings": {{\n    "title": "x"\n  }}\n}}'


SYNTAXES: dict[str, Write] = {
    "JSON list": one_file("people.json", lambda people: json.dumps([plain(p) for p in people], indent=4)),
    "JSON map": one_file("people.json", lambda people: json.dumps({p.name: plain(p, named=False) for p in people})),
    "JSON document": one_file("people.json", in_document),
    "JSON behind a guard": one_file(
        "people.php", lambda people: "<?php exit; ?>\n" + json.dumps([plain(p) for p in people])
    ),
    "JSON files": file_each("people/{}.json", lambda p: json.dumps(plain(p, named=False))),
    "NDJSON": one_file("people.ndjson", lambda people: "".join(json.dumps(plain(p)) + "\n" for p in people)),
    "CSV": one_file("people.csv", rows(",")),
    "CSV with semicolons and CRLF": one_file("people.csv", rows(";", newline="\r\n")),
    "CSV in quotes": one_file("people.csv", rows(",", '"')),
    "TSV": one_file("people.tsv", rows("\t")),
    "var_export": one_file("people.php", php_list),
    "PHP, short arrays": one_file("people.php", php_short),
    "PHP, a map": one_file("people.php", php_map),
    "serialize": one_file("people.ser", serialized_list),
    "serialize, a map": one_file("people.ser", serialized_map),
    "YAML list": one_file("people.yaml", yaml_list),
    "YAML map": one_file("people.yaml", yaml_map),
    "YAML files": file_each("people/{}.yaml", lambda p: f"age: {p.age}\ncity: {p.city}\n"),
    "front matter": file_each("people/{}.md", front_matter),
    "Kirby": file_each("people/{}/person.txt", kirby),
    "INI files": file_each("people/{}.ini", lambda p: f"age = {p.age}\ncity = {p.city}\n"),
    "TOML files": file_each("people/{}.toml", lambda p: f'age = {p.age}\ncity = "{p.city}"\n'),
    "XML files": file_each(
        "people/{}.xml",
        lambda p: f'<?xml version="1.0" encoding="UTF-8"?>\n<item><age>{p.age}</age><city>{p.city}</city></item>\n',
    ),
}


def name_column(site: Site) -> str:
    """The column that holds the names; of a map's keys and of files it is the primary key."""
    columns = site.sql("SELECT name, pk FROM pragma_table_info('people')")
    return next((name for name, _ in columns if name == "name"), next(name for name, pk in columns if pk))


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_changed_new_and_deleted_records_stand_as_the_old_program_would_have_them(site: Site, syntax: str) -> None:
    write = SYNTAXES[syntax]
    site.convert(write(BEFORE))
    assert site.export() == {path: text.encode() for path, text in write(BEFORE).items()}
    for statement in EDITS:
        site.sql(statement.format(name=name_column(site)))
    written = {path: text.decode() for path, text in site.export().items()}
    assert written == write(AFTER)


BODY = "\n# Hello\n\nSome *text*  \nwith ends, ---\n\n\n"


def test_a_text_stays_untouched_below_what_is_changed_above_it(site: Site) -> None:
    heads = {name: f"---\ntitle: {name}\nviews: {len(name)}\n---\n" for name in ("one", "three")}
    posts = {f"posts/{name}.md": head + BODY + name for name, head in heads.items()}
    site.convert(posts)
    site.sql("UPDATE posts SET views = 99 WHERE title = 'three'")
    posts["posts/three.md"] = posts["posts/three.md"].replace("views: 5", "views: 99")
    assert {path: text.decode() for path, text in site.export().items()} == posts


def test_a_new_text_lies_in_a_file_of_its_own(site: Site) -> None:
    posts = {f"posts/{name}.md": f"---\nviews: {len(name)}\n---\n{name}\n" for name in ("one", "three")}
    site.convert(posts)
    key = next(name for name, pk in site.sql("SELECT name, pk FROM pragma_table_info('posts')") if pk)
    site.sql(f"INSERT INTO posts ({key}, views, content) VALUES ('new', 7, 'A new one.' || char(10))")
    posts["posts/new.md"] = "---\nviews: 7\n---\nA new one.\n"
    assert {path: text.decode() for path, text in site.export().items()} == posts


def test_a_changed_section_of_an_ini_file_stays_a_section(site: Site) -> None:
    text = '[db]\nhost = localhost\nport = 3306\n\n[site]\nname = "a \\"quoted\\" name"\n'
    site.convert({"config.ini": text})
    site.sql("UPDATE config SET db_port = 3307, site_name = 'it is \"new\"; yes'")
    expected = text.replace("3306", "3307").replace('a \\"quoted\\" name', 'it is \\"new\\"; yes')
    assert site.export()["config.ini"].decode() == expected
