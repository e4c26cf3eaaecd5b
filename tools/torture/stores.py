"""Small stores of every syntax, what may become of their bytes, and the readers that must stand all of it.

A changed store is read, set aside or refused with a reason and a place: no traceback, no hang, no endless memory.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from outgrow.errors import SourceError
from outgrow.source.folder import scan
from outgrow.source.inventory import Collection, Part, Source
from outgrow.source.reading import exact, is_written_so, place_of, read_part, rejects_of

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 4_000
SEEDS: dict[str, bytes] = {
    "people.ser": b'a:2:{i:0;a:1:{s:2:"id";i:1;}i:1;O:4:"User":2:{s:2:"id";i:2;s:7:"\0User\0n";d:0.5;}}',
    "guest.txt": b'a:1:{s:1:"n";i:1;}\na:1:{s:1:"n";N;}\n',
    "sess_abc123": b'uid|i:5;cart|a:1:{s:1:"a";i:1;}ok|b:1;',
    "people.php": b"<?php return array (\n  0 => \n  array (\n    'id' => 1,\n    'n' => 'a\\'b',\n  ),\n);\n",
    "short.php": b"<?php\n$users = [\n  'ann' => ['age' => 1.5, 'x' => null], // one\n  'bob' => ['age' => -2],\n];\n",
    "guard.php": b'<?php exit; ?>\n{"a":{"n":1},"b":{"n":2}}',
    "people.yaml": b"- id: 1\n  n: ann\n  tags: [a, 'b']\n- id: 2\n  n: |\n    two\n    lines\n",
    "map.yml": b"# people\nann: {age: 1}\nbob:\n  age: 2\n  born: 2024-01-02\n",
    "post.md": b"---\ntitle: One\ntags:\n  - a\n---\n\n# Text\n",
    "plus.md": b'+++\ntitle = "One"\nviews = 3\n+++\nText\n',
    "blog/one/article.txt": b"Title: One\n\n----\n\nText: Body\n\\----\nmore\n\n----\n\nTags: a, b\n",
    "user.ini": b"; user\nname = ann\nage=1\n[more]\nx[] = 'a'\nx[] = b\n",
    "users.auth.php": b"# <?php exit()?>\n\nadmin:$2y$10$abc:Admin:a@example.com:admin,user\n",
    "user.xml": b'<?xml version="1.0"?>\n<item><n>ann</n><t><![CDATA[a & b]]></t><u/></item>\n',
    "user.toml": b'name = "ann"\nage = 1\n[more]\nx = [1, 2]\n',
    "log.db": b'{"$$indexCreated":{"fieldName":"n","unique":true}}\n{"n":"a","d":{"$$date":1},"_id":"0123456789"}\n',
    "rows.csv": b'id,name\n1,"a ""b"", c"\n2,\xc3\xa9\n',
    "rows.tsv": b"id\tname\n1\ta\n2\tb\n",
    "list.json": b'[{"id": 1, "x": 1.0, "t": ["a"]}, {"id": 2, "x": null}]',
    "db.json": b'{"v": 1, "users": [{"id": 1}], "pages": {"a": {"t": "x"}}}',
    "lines.ndjson": b'{"id":1}\n{"id":2,"x":"\\u00e9"}\n',
    "blog/contents.lr": b"title: One\n---\nbody:\n\n----\nmore\n---\ntags: a, b\n",
    "many.ser": b"a:30:{%b}"
    % b"".join(b'i:%d;a:3:{s:2:"id";i:%d;s:1:"n";s:2:"";";s:1:"t";a:1:{i:0;d:0.5;}}' % (n, n) for n in range(30)),
    "many.php": b"<?php return array (%b\n);\n"
    % b"".join(b"\n  %d => \n  array (\n    'id' => %d,\n    'n' => 'a\\'b',\n  )," % (n, n) for n in range(30)),
    "many.csv": b"id,name,text\n" + b"".join(b'%d,"a ""b"", c","two\nlines"\n' % n for n in range(30)),
    "data.js": b'window.data = [{"id": 1}, {"id": 2}];\n',
}
TOKENS: tuple[bytes, ...] = (
    *(b'"', b"'", b"\\", b"\\u", b"\\ud800", b"{", b"}", b"[", b"]", b"(", b")", b",", b":", b";", b"=", b"=>", b"|"),
    *(b"\n", b"\r\n", b"\r", b"\t", b" ", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x80\xa8", b"\x1f\x8b"),
    *(b"1e999", b"-", b"-0", b"0x1F", b"9" * 400, b"null", b"NaN", b".inf", b"~", b"true", b"[" * 300, b'{"a":' * 300),
    *(b"<?php", b"?>", b"<?=", b"*/", b"/*", b"//", b"#", b"array(", b"return ", b"<<<EOT\n", b"$x"),
    *(b"__set_state(array(", b"a:999999999:{", b"a:-1:{", b's:99999:"', b's:-1:"', b'O:8:"stdClass":1:{'),
    *(b'C:1:"X":0:{}', b'E:3:"A:B";', b"R:1;", b"r:9;", b"i:", b"N;", b"---\n", b"...\n", b"+++\n", b"----\n"),
    *(b"&a ", b"*a", b"<<: *a", b"!!python/object/apply:os.system ", b"!x ", b"? ", b"- ", b"|2-\n", b">"),
    *(b"%YAML 9.9\n", b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]>", b"&a;", b"<![CDATA[", b"]]>", b"<a>", b"</", b"[[x]]\n"),
    *(b'{"$$date":1}', b'{"$$deleted":true}', b'"_id":', b"../../etc/passwd", b"=cmd|' /C'!A0"),
)


def seeds() -> list[tuple[str, bytes]]:
    """Small valid stores: names and bytes, of the cases too."""
    cases = ROOT / "tests" / "cases"
    found = list(SEEDS.items())
    for file in sorted(cases.glob("*/input/**/*")):
        if file.is_file() and 0 < file.stat().st_size < LARGEST:
            found += [(file.name, file.read_bytes())]
    return found


def splice(data: bytes, place: float, length: int, piece: bytes) -> bytes:
    """Put a piece in the stead of some bytes at a place between 0 and 1."""
    at = int(place * len(data))
    return data[:at] + piece + data[at + length :]


def mutate(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Change a store at some places: bits, tokens, what is there twice or no more, the end, parts of another one."""
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(7)
        length = chance.randrange(1, 40)
        if kind == 0 and at < len(data):
            data = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + chance.choice(TOKENS) + data[at:]
        elif kind == 2:
            data = data[:at] + data[at + length :]
        elif kind == 3:
            data = data[: at + length] + data[at:]
        elif kind == 4:
            data = data[:at]
        elif kind == 5:
            other = chance.choice(others)
            start = chance.randrange(len(other) + 1)
            data = data[:at] + other[start : start + length] + data[at:]
        else:
            data = data[:at] + chance.choice(TOKENS) + data[at + length :]
    return data


class UnreadableError(Exception):
    """A reader broke its promise."""


def expect(holds: object, promise: str) -> None:
    """Break off unless a promise holds."""
    if not holds:
        raise UnreadableError(promise)


def read_all(root: Path, *, salvage: bool) -> int:
    """Read a folder or file as a conversion does; returns how many records there are. Refusals must be whole."""
    source = scan(root, salvage=salvage)
    for error in source.errors:
        expect(error.problem and error.origin, "an error says what is wrong, and where")
    return sum(_read_part(source, c, part, salvage=salvage) for c in source.collections for part in c.parts)


def _read_part(source: Source, collection: Collection, part: Part, *, salvage: bool) -> int:
    count = 0
    try:
        for batch in read_part(source, part, salvage=salvage):
            again = exact(source, part, batch)
            expect(again.offsets is None or len(again.offsets) == len(again), "each record has its place")
            expect(again.ends is None or len(again.ends) == len(again), "each record has its end")
            rejects = rejects_of(source, collection, part, again)
            expect(len(rejects) == len(again.flaws), "each flaw is set aside")
            is_written_so(source, part, again)
            if again.records:
                expect(place_of(source, part, again, len(again) - 1).line, "the last record's place has a line")
            count += len(again)
    except SourceError as error:
        expect(error.origin, "an error says where")
    return count
