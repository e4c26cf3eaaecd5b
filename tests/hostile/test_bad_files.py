"""Files that aren't what they should be: each says what, where and what to do, and leaves nothing half-written."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from door import left_behind, outgrow, rejects

Write = Callable[..., Path]
MEND = "--salvage"

BROKEN = {
    "list": ("users.json", '[{"id":1,"n":"a"},\n{"id":2,"n":"b"},\n{"id":3,"n', "3:11", 2),
    "list without its bracket": ("users.json", '[{"id":1,"n":"a"},\n{"id":2,"n":"b"}', "2:17", 2),
    "list behind a comma": ("users.json", '[{"id":1,"n":"a"},\n{"id":2,"n":"b"},', "2:17", 2),
    "map": ("users.json", '{"a":{"n":1,"m":1},\n"b":{"n":2,"m":1},\n"c":{"n":', "3:10", 2),
    "map within a key": ("users.json", '{"a":{"n":1,"m":1},\n"b":{"n":2,"m":1},\n"c', "3:1", 2),
    "document": ("db.json", '{"users":[{"id":1,"n":"a"}],\n"posts":[{"id":1,"t":"x"},\n{"id":2,"t":', "3:13", 2),
    "document of maps": ("db.json", '{"users":{"1":{"n":"a"}},\n"posts":{"1":{"t":"x"},\n"2":{"t":', "3:10", 2),
    "value in the midst": ("users.json", '[{"id":1,"n":"a"},\n{"id":2,"n":b},\n{"id":3,"n":"c"}]', "2:13", 1),
    "something behind the list": ("users.json", '[{"id":1,"n":"a"}]\n[{"id":2,"n":"b"}]', "1:18", 1),
    "control character": ("users.json", '[{"id":1,"n":"a"},\n{"id":2,"n":"b\nc"}]', "2:15", 1),
    "escape": ("users.json", '[{"id":1,"n":"a"},\n{"id":2,"n":"b\\x"}]', "2:15", 1),
    "zeros at the end": ("users.json", b'[{"id":1,"n":"a"}]' + bytes(100), "1:18", 1),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_says_where_and_how_much_is_whole(name: str, write: Write, tmp_path: Path) -> None:
    file, text, place, whole = BROKEN[name]
    write(**{file: text})
    said = outgrow("convert", "data", "app", cwd=tmp_path, code=1).err
    assert f"{file}:{place}: " in said
    assert f"{whole} record{'s' if whole > 1 else ''} before it" in said
    assert MEND in said
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("name", [name for name in BROKEN if name != "map within a key"])
def test_what_is_whole_can_be_saved_and_the_tail_is_one_reject(name: str, write: Write, tmp_path: Path) -> None:
    file, text, place, whole = BROKEN[name]
    write(**{file: text})
    said = outgrow("convert", "data", "app", "--salvage", "--json", cwd=tmp_path, code=3).json
    assert (said["rows"], said["rejects"]) == (whole, 1)
    (tail,) = rejects(tmp_path / "app")
    assert tail["origin"].startswith(f"{file}:{place}")
    outgrow("export", "app", "back", cwd=tmp_path)
    back = json.loads((tmp_path / "back" / file).read_text())
    assert len(json.dumps(back)) > 10  # whole again: its brackets are closed


def test_a_file_that_breaks_off_between_its_collections_says_so(write: Write, tmp_path: Path) -> None:
    write(db__json='{"users":[{"id":1},{"id":2}],"po')
    assert "db.json:1:30: " in outgrow("convert", "data", "app", cwd=tmp_path, code=1).err
    said = outgrow("convert", "data", "app", "--salvage", cwd=tmp_path, code=3).err
    assert "db.json:1:30: " in said
    assert "what is whole" in said


def test_lines_break_one_by_one(write: Write, tmp_path: Path) -> None:
    write(log__ndjson='{"id":1,"n":"a"}\n{"id":2,"n":"b"\n7\n\n{"id":4,"n":"d"}\n{"id":5,"n')
    said = outgrow("convert", "data", "app", "--json", cwd=tmp_path, code=3).json
    assert (said["rows"], said["rejects"]) == (2, 3)
    assert [reject["origin"] for reject in rejects(tmp_path / "app")] == [
        "log.ndjson:2:16",
        "log.ndjson:6:9",
        "log.ndjson:3:1",
    ]


def test_a_truncated_csv_names_the_row(write: Write, tmp_path: Path) -> None:
    write(u__csv="id,name,city\n1,a,x\n2,b,y\n3,c")
    said = outgrow("convert", "data", "app", "--json", cwd=tmp_path, code=3).json
    assert said["rows"] == 2
    assert said["rejected"] == [{"origin": "u.csv:4:1", "reason": "breaks off after 2 of 3 values"}]


def test_a_truncated_gzip_file_can_be_saved(write: Write, tmp_path: Path) -> None:
    lines = ",\n".join(json.dumps({"id": number, "key": os.urandom(20).hex()}) for number in range(20_000))
    write(**{"users.json.gz": gzip.compress(f"[{lines}]".encode())[:-100_000]})
    assert "is no whole gzip file" in outgrow("convert", "data", "app", cwd=tmp_path, code=1).err
    assert left_behind(tmp_path) == []
    said = outgrow("convert", "data", "app", "--salvage", "--json", cwd=tmp_path, code=3).json
    assert said["rows"] > 5_000
    assert said["rejects"] == 1


@pytest.mark.parametrize("text", ["", " \n", "\ufeff", "<?php die(); ?>\n", "// nothing\n"])
def test_an_empty_file_is_a_warning(text: str, write: Write, tmp_path: Path) -> None:
    write(empty__json=text, users__json='[{"id":1,"name":"a"}]')
    done = outgrow("convert", "data", "app", cwd=tmp_path, code=0)
    assert "warning: empty.json: is empty: no records" in done.err
    outgrow("export", "app", "back", cwd=tmp_path, code=0)
    assert (tmp_path / "back" / "empty.json").read_bytes() == text.encode()


ODD = {
    "invalid UTF-8": (b'{"id":2,"n":"\xfc"}', "2:14", "is not UTF-8"),
    "invalid UTF-8 in a field's name": (b'{"id":2,"\xfc":1}', "2:10", "is not UTF-8"),
    "half a pair": (b'{"id":2,"n":"\\ud800"}', "2:1", "half of a surrogate pair"),
    "half a pair in a field's name": (b'{"id":2,"\\udfff":1}', "2:1", "half of a surrogate pair"),
    "NaN": (b'{"id":2,"n":NaN}', "2:1", "NaN is no JSON value"),
    "Infinity": (b'{"id":2,"n":-Infinity}', "2:1", "-Infinity is no JSON value"),
    "lists in lists": (b'{"id":2,"n":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "2:1", "is nested too deeply"),
    "objects in objects": (b'{"id":2,"n":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, "2:1", "nested too deeply"),
    "254 levels": (b'{"id":2,"n":' + b"[" * 253 + b"1" + b"]" * 253 + b"}", "2:1", "is nested too deeply"),
    "900 levels": (b'{"id":2,"n":' + b"[" * 900 + b"]" * 900 + b"}", "2:1", "is nested too deeply"),
    "a number": (b"7", "2:1", "is no object"),
    "null": (b"null", "2:1", "is no object"),
    "a list": (b'[{"id":2}]', "2:1", "is no object"),
    "17 MB": (b'{"id":2,"n":"' + b"x" * (17 << 20) + b'"}', "2:1", "is 17 MB long, more than the 16 MB"),
}


@pytest.mark.parametrize("shape", ["list", "lines"])
@pytest.mark.parametrize("name", ODD)
def test_a_record_that_is_none_is_set_aside_with_its_place(name: str, shape: str, write: Write, tmp_path: Path) -> None:
    record, place, reason = ODD[name]
    around = (b"[", b",\n", b"]") if shape == "list" else (b"", b"\n", b"\n")
    file = "users.json" if shape == "list" else "users.ndjson"
    write(**{file: around[0] + around[1].join([b'{"id":1,"n":"a"}', record, b'{"id":3,"n":"c"}']) + around[2]})
    said = outgrow("convert", "data", "app", "--json", cwd=tmp_path, code=3).json
    assert (said["rows"], said["rejects"], said["verified"]) == (2, 1, True)
    (reject,) = said["rejected"]
    assert reject["origin"] == f"{file}:{place}"
    assert reason in reject["reason"]


def test_inspect_names_what_would_be_set_aside_and_exits_with_3(write: Write, tmp_path: Path) -> None:
    write(users__json=b'[{"id":1,"n":"a"},\n{"id":2,"n":"\xfc"},\n7]')
    seen = outgrow("inspect", "data", cwd=tmp_path, code=3).err
    assert seen.splitlines() == [
        "error: users.json:2:14: is set aside: is not UTF-8",
        "error: users.json:3:1: is set aside: is no object",
    ]


def test_253_levels_are_no_problem(write: Write, tmp_path: Path) -> None:
    write(users__json='[{"id":1,"v":[1]},\n{"id":2,"v":' + "[" * 252 + "1" + "]" * 252 + '},{"id":3, "v":[1.10]}]')
    outgrow("convert", "data", "app", cwd=tmp_path, code=0)
    outgrow("export", "app", "back", cwd=tmp_path, code=0)
    back, data = (tmp_path / folder / "users.json" for folder in ("back", "data"))
    assert json.loads(back.read_text()) == json.loads(data.read_text())


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (b'"b\xfc":{"n":1,"m":2}', "is not UTF-8"),
        (b'"\\ud800":{"n":1,"m":2}', "half of a surrogate pair"),
        (b'"b":7', "is no object"),
        (b'"b":{"n":NaN,"m":2}', "NaN is no JSON value"),
    ],
)
def test_a_member_of_a_map_that_is_no_record_is_set_aside(
    record: bytes, reason: str, write: Write, tmp_path: Path
) -> None:
    good = [b'"k%d":{"n":1,"m":%d}' % (number, number) for number in range(12)]
    write(users__json=b"{" + b",\n".join([*good[:6], record, *good[6:]]) + b"}")
    said = outgrow("convert", "data", "app", "--json", cwd=tmp_path, code=3).json
    assert (said["rows"], said["rejects"]) == (12, 1)
    assert said["rejected"][0]["origin"].startswith("users.json:7:")
    assert reason in said["rejected"][0]["reason"]


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000])
def test_a_file_that_is_only_depth_gives_no_records(text: str, write: Write, tmp_path: Path) -> None:
    write(users__json=text)
    outgrow("inspect", "data", cwd=tmp_path)
    assert outgrow("convert", "data", "app", cwd=tmp_path, code=1).err
    assert left_behind(tmp_path) == []


def test_a_key_twice_is_said_and_kept_for_export(write: Write, tmp_path: Path) -> None:
    text = '[{"id":1,"name":"a","name":"z"},{"id":2,"name":"b"}]'
    write(users__json=text)
    said = outgrow("convert", "data", "app", cwd=tmp_path, code=0).err
    assert 'users.json:1:2: holds the key "name" twice' in said
    outgrow("export", "app", "back", cwd=tmp_path, code=0)
    assert (tmp_path / "back/users.json").read_text() == text


def test_a_collection_twice_is_said(write: Write, tmp_path: Path) -> None:
    text = '{"users":[{"id":1,"n":"a"}],"tags":[{"id":1,"t":"x"}],"users":[{"id":2,"n":"b"}]}'
    write(db__json=text)
    said = outgrow("convert", "data", "app", cwd=tmp_path, code=0).err
    assert 'holds "users" twice' in said
    outgrow("export", "app", "back", cwd=tmp_path, code=0)
    assert (tmp_path / "back/db.json").read_text() == text


@pytest.mark.parametrize("rule", ["keep-first", "keep-last", "reject"])
def test_the_plan_says_what_becomes_of_a_key_that_comes_twice(rule: str, write: Write, tmp_path: Path) -> None:
    rows = [{"id": 3 if number == 50 else number, "name": f"n{number}"} for number in range(1, 101)]
    write(users__json=json.dumps(rows))
    outgrow("inspect", "data", "--write-plan", "plan.toml", cwd=tmp_path)
    plan = tmp_path / "plan.toml"
    lines = [line for line in plan.read_text().splitlines() if not line.startswith("duplicates")]
    place = next(number for number, line in enumerate(lines) if line.startswith("key ="))
    plan.write_text("\n".join([*lines[: place + 1], f'duplicates = "{rule}"', *lines[place + 1 :]]))
    said = outgrow("convert", "data", "app", "--plan", "plan.toml", "--json", cwd=tmp_path, code=3).json
    gone = {"keep-first": 1, "keep-last": 1, "reject": 2}[rule]
    assert (said["rows"], said["rejects"]) == (100 - gone, gone)


FOREIGN = {
    "a PHP script": (b"<?php echo 1;", "PHP script"),
    "a PHP array": (b"<?php return ['a' => 1];", "PHP script"),
    "a web page": (b"<!DOCTYPE html><html></html>", "web page"),
    "UTF-16": ('[{"id":1}]'.encode("utf-16"), "UTF-16"),
    "UTF-16 without a mark": ('[{"id":1}]'.encode("utf-16-le"), "UTF-16"),
    "noise": (bytes(range(256)), "is "),
    "two scalars": (b"7 8", "something follows the value"),
    "text": (b"hello", "is no JSON"),
    "single quotes": (b"[{'id':1}]", "a key in quotes is expected"),
    "packed twice": (gzip.compress(gzip.compress(b"[]")), "is packed twice"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_json_is_named_and_stops_no_other(name: str, write: Write, tmp_path: Path) -> None:
    data, reason = FOREIGN[name]
    write(bad__json=data, **{f"good{number}.json": f'[{{"id":1,"x{number}":"a"}}]' for number in range(11)})
    seen = outgrow("inspect", "data", cwd=tmp_path, code=3)
    assert all(f"good{number}.json" in seen.out for number in range(11))
    assert "error: bad.json" in seen.err
    assert reason in seen.err
    assert "error: bad.json" in outgrow("convert", "data", "app", cwd=tmp_path, code=3).err
    outgrow("export", "app", "back", cwd=tmp_path, code=0)
    assert (tmp_path / "back" / "bad.json").read_bytes() == data


def test_what_is_no_whole_gzip_file_is_refused(write: Write, tmp_path: Path) -> None:
    write(bad__json=b"\x1f\x8b" + bytes(range(100)), good__json='[{"id": 1}]')
    assert "is no whole gzip file" in outgrow("convert", "data", "app", cwd=tmp_path, code=1).err
    assert left_behind(tmp_path) == []


def test_a_gzip_bomb_is_refused(write: Write, tmp_path: Path) -> None:
    pack = zlib.compressobj(wbits=31)
    start, megabyte = (
        pack.compress(part) + pack.flush(zlib.Z_FULL_FLUSH) for part in (b'[{"id":1,"x":"', bytes(1 << 20))
    )
    write(small__json='[{"id":1}]', **{"bomb.json.gz": start + megabyte * 1_100})
    said = outgrow("inspect", "data", cwd=tmp_path, code=3)
    assert "bomb.json.gz: unpacks to more than 1024 MB" in said.err
    assert "small.json" in said.out


def test_csv_that_is_hardly_csv(write: Write, tmp_path: Path) -> None:
    write(
        nul__csv=b"id,name\n1,a\n2,b\0c\n3,d\n",
        ragged__csv="id,name\n1,a,b,c\n2\n\n3,x\n",
        quotes__csv='id,name\n1,"a"b\n2,c"d\n3,"e ""f"""\n4,5" disk\n',
        only__csv="id,name\n",
        noise__csv=b"id,name\n1,M\xfcller\n2,\xc3\xa9\xc3\xa9\n",
    )
    said = outgrow("convert", "data", "app", "--json", cwd=tmp_path, code=3).json
    assert said["tables"] == {"noise": 1, "nul": 3, "quotes": 4, "ragged": 2}
    assert sorted(reject["origin"] for reject in said["rejected"]) == ["noise.csv:2:1", "ragged.csv:2:1"]
    outgrow("export", "app", "back", cwd=tmp_path)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (b"id,name,name", 'names the column "name" twice'),
        (b"id,n\xfcme\xc3\xa9\xc3\xa9", "the header is not UTF-8"),
    ],
)
def test_a_header_that_can_name_no_columns_is_refused(header: bytes, reason: str, write: Write, tmp_path: Path) -> None:
    write(u__csv=header + b"\n1,a,b\n")
    said = outgrow("convert", "data", "app", cwd=tmp_path, code=1).err
    assert "u.csv:1:" in said
    assert reason in said
    assert left_behind(tmp_path) == []


def test_a_quote_that_never_closes_swallows_nothing(write: Write, tmp_path: Path) -> None:
    rows = "".join(f"{number},x\n" for number in range(100_000))
    write(u__csv='id,name\n1,a\n2,"b\n' + rows)
    said = outgrow("convert", "data", "app", cwd=tmp_path, code=1).err
    assert "u.csv:3:1: a quoted text doesn't end; 1 record before it is whole" in said


def test_columns_are_right_in_a_line_of_many_megabytes(write: Write, tmp_path: Path) -> None:
    text = "[" + ",".join(f'{{"id":{number},"name":"é{number}"}}' for number in range(100_000)) + ',{"id":x}]'
    write(users__json=text)
    said = outgrow("inspect", "data", cwd=tmp_path, code=3).err
    assert f"users.json:1:{text.index('x}') + 1}: a value is expected; 100,000 records before it are whole" in said


def test_odd_keys_come_back(write: Write, tmp_path: Path) -> None:
    names = ["a.b", "a/b", "", "x" * 10_000, "a b", "ä", "1", "\n", "\x1b[31m", '"', "\\", "{key}", "<key>", *"*#~"]
    records = [{"id": number, **dict.fromkeys(names, number)} for number in (1, 2)]
    maps = {name: {"n": number, "m": 1} for number, name in enumerate(names)}
    write(users__json=json.dumps(records), maps__json=json.dumps(maps), **{"a*b#c.json": '[{"id":1}]'})
    done = outgrow("convert", "data", "app", cwd=tmp_path, code=0)
    assert "\x1b" not in done.out + done.err
    outgrow("export", "app", "back", cwd=tmp_path, code=0)
    for file in (tmp_path / "data").iterdir():
        assert (tmp_path / "back" / file.name).read_bytes() == file.read_bytes()


def test_memory_does_not_grow_with_what_never_ends(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for name, start in {"string": b'[{"id":1,"x":"', "number": b'[{"id":1', "space": b"[ ", "key": b'{"'}.items():
        with (data / f"{name}.json").open("wb") as stream:
            stream.write(start)
            for _ in range(120):
                stream.write({"string": b"x", "number": b"1", "space": b" ", "key": b"k"}[name] * (1 << 20))
    seen = outgrow("inspect", "data", cwd=tmp_path, code=3)
    assert seen.err.count("error: ") == 4
    assert seen.megabytes < 300  # one of the files held whole would be too much
