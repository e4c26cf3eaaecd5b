"""Tables as text: what programs write is read as they read it, and written again byte for byte; guesses are said."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import tempfile
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outgrow.errors import SourceError
from outgrow.source.folder import scan
from outgrow.source.inventory import Source
from outgrow.source.reading import exact, is_written_so, read_part
from outgrow.source.syntax import csv as csv_syntax

WRITERS = Path(__file__).parent / "writers"
some = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
few = settings(some, max_examples=15)
WORDS = st.text(st.sampled_from("abcXYZ äß привіт'-.!&<>"), min_size=1, max_size=12).map(str.strip)
CELLS = (
    WORDS
    | st.integers(0, 10**9).map(str)
    | st.sampled_from(["", "a, b", "x;y", 'say "hi"', "two\nlines", "1.50", "a\tb"])
)
NAMES = ["id", "name", "note", "city"]


def rows_of(cells: Any) -> Any:
    return st.lists(st.tuples(st.integers(1, 999).map(str), cells, cells, cells).map(list), min_size=2, max_size=15)


def look(data: bytes, folder: Path) -> Source:
    file = folder / "table.csv"
    file.write_bytes(data)
    source = scan(file)
    assert not source.errors, source.errors
    return source


def records_of(source: Source) -> list[dict[str, Any]]:
    parts = source.collections[0].parts
    return [record for part in parts for batch in read_part(source, part) for record in batch.records]


def fields_of(source: Source) -> list[str]:
    return list(source.section(source.collections[0].parts[0]).fields)


def said(source: Source) -> str:
    return "\n".join(f"{finding.severity}: {finding.message}" for finding in source.findings)


def hold_to_bytes(source: Source) -> None:
    for part in source.collections[0].parts:
        for batch in read_part(source, part):
            assert not batch.flaws
            assert is_written_so(source, part, exact(source, part, batch)), (batch.raw, source.section(part).style)


@some
@given(
    rows=rows_of(CELLS),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    newline=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
)
def test_what_pythons_csv_writes_is_read_and_written_again(
    rows: list[list[str]], delimiter: str, quoting: Any, newline: str, mark: bool, tmp_path: Path
) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator=newline)
    writer.writerows([NAMES, *rows])
    source = look(b"\xef\xbb\xbf" * mark + stream.getvalue().encode(), tmp_path)
    assert fields_of(source) == NAMES
    assert records_of(source) == [dict(zip(NAMES, (cell or None for cell in row), strict=True)) for row in rows]
    hold_to_bytes(source)


@few
@given(rows=rows_of(CELLS | st.sampled_from(['back\\slash "q"', 'a\\"b', "C:\\x y"])))
def test_what_fputcsv_writes_is_read_as_fgetcsv_reads_it_and_written_again(
    php: str, rows: list[list[str]], tmp_path: Path
) -> None:
    with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
        values = Path(folder) / "values.json"
        values.write_text(json.dumps([NAMES, *rows, ["1000", "two words", 'say "so"', ""]]))
        (written := Path(folder) / "written").mkdir()
        subprocess.run([php, "-n", str(WRITERS / "write_csv.php"), str(values), str(written)], check=True)
        for file in sorted(written.glob("*.csv")):
            source = look(file.read_bytes(), Path(folder))
            read = json.loads(file.with_suffix(".json").read_text())
            expected = [dict(zip(NAMES, (cell or None for cell in row), strict=False)) for row in read[1:]]
            assert records_of(source) == expected, file.name
            hold_to_bytes(source)


@pytest.mark.parametrize(
    ("text", "fields", "first", "hint"),
    [
        ("a;b\n1,5;x\n2,5;y\n", ["a", "b"], ["1,5", "x"], "semicolons (3 of the first 3 rows have 2 values)"),
        ("a\tb\n1\tx\n", ["a", "b"], ["1", "x"], "tabs"),
        ("id|name\n1|Ann\n2|Bob, the\n", ["id", "name"], ["1", "Ann"], "bars"),
        ("sep=;\nid;name\n1;x\n", ["id", "name"], ["1", "x"], "semicolons"),
        ("1,Ann,2024-05-01\n2,Bob,2024-06-01\n", ["column_1", "column_2", "column_3"], ["1", "Ann", "2024-05-01"],
         'has no line of names, for "1" in the first line is a number'),
        ("ann@x.org;Ann\nbob@x.org;Bob\n", ["column_1", "column_2"], ["ann@x.org", "Ann"], "is an address"),
        ("red,round\nblue,square\nred,flat\n", ["column_1", "column_2"], ["red", "round"], "comes again below"),
        ("No,Winery,Founded\n1,Bravo,1924\n2,Lez,1868\n", ["No", "Winery", "Founded"], ["1", "Bravo", "1924"], ""),
        ("country,1990,2000\nX,1,2\n", ["country", "1990", "2000"], ["X", "1", "2"], ""),
        (",a,b\n0,x,y\n1,z,w\n", ["column_1", "a", "b"], ["0", "x", "y"], ""),
        ("id,name\n1,'a,b'\n2,'c'\n", ["id", "name"], ["1", "a,b"], "apostrophes"),
        ('id,name\n1,"say \\"hi\\", you"\n2,x\n', ["id", "name"], ["1", 'say "hi", you'], "a backslash stands before"),
        ('id,name\n1,"say \\"hi\\" ""x"""\n2,"a b"\n', ["id", "name"], ["1", 'say \\"hi\\" "x"'], "as PHP does"),
        ('id\tname\n1\t5" disk\n2\tx\n', ["id", "name"], ["1", '5" disk'], "tabs"),
        ('1,"Ann","x"\n2,"Bob","y"\n', ["column_1", "column_2", "column_3"], ["1", "Ann", "x"], "no line of names"),
        ("id,name\n\n1,a\n\n2,b\n\n", ["id", "name"], ["1", "a"], ""),
        ("\n\nid,name\n1,a\n", ["id", "name"], ["1", "a"], ""),
        ("id,name\n1,a,x\n2,b,y,z\n3,c\n", ["id", "name", "column_3", "column_4"], ["1", "a", "x"], "up to 4"),
        ("id,name\r1,a\r2,b\r", ["id", "name"], ["1", "a"], ""),
    ],
)  # fmt: skip
def test_a_dialect_is_guessed_said_and_written_again(
    text: str, fields: list[str], first: list[str], hint: str, tmp_path: Path
) -> None:
    source = look(text.encode(), tmp_path)
    assert fields_of(source) == fields
    assert list(records_of(source)[0].values()) == first
    assert hint in said(source)
    hold_to_bytes(source)
    literals = source.files["table.csv"].literals
    written = [source.path("table.csv").read_bytes()[s.start : s.end] for s in source.files["table.csv"].sections]
    assert b"".join(a + b for a, b in zip(literals, [*written, b""], strict=True)) == text.encode()


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("windows-1251", ["Київ", "Харків — місто", "Привет, мир", "Съешь ещё этих булок"]),
        ("koi8-r", ["Москва", "Привет мир", "ещё этих мягких", "булок да выпей чаю"]),
        ("cp866", ["Москва", "Привет мир", "ещё этих мягких", "булок да выпей чаю"]),
        ("windows-1252", ["Müller", "Café “Zoë”", "naïve \u2013 señor", "x"]),
        ("iso8859-1", ["Müller", "Caf\xe9", "se\xf1or\x81", "x"]),
    ],
)
def test_a_text_in_another_encoding_is_read_by_it_said_and_written_again(
    encoding: str, words: list[str], tmp_path: Path
) -> None:
    text = "id,name\n" + "".join(f"{number},{word}\n" for number, word in enumerate(words) if "," not in word)
    source = look(text.encode(encoding), tmp_path)
    assert [record["name"] for record in records_of(source)] == [word for word in words if "," not in word]
    assert f"by its letters it is {encoding}" in said(source)
    hold_to_bytes(source)


def test_a_few_wrong_bytes_dont_make_another_encoding_of_utf_8(tmp_path: Path) -> None:
    source = look("id,name\n1,Київ\n2,Я\xff\n3,Львів\n".encode().replace(b"\xc3\xbf", b"\xff"), tmp_path)
    (part,) = source.collections[0].parts
    (batch,) = read_part(source, part)
    assert [record["name"] for record in batch.records] == ["Київ", "Львів"]
    assert [flaw.reason for flaw in batch.flaws] == ["is not UTF-8"]


@pytest.mark.parametrize(("delimiter", "written"), [(",", "3,&#937; Рим"), (";", '3;"&#937; Рим"')])
def test_a_letter_that_the_files_encoding_lacks_becomes_a_reference(
    tmp_path: Path, delimiter: str, written: str
) -> None:
    text = "id,name\n1,Київ\n2,Харків\n".replace(",", delimiter)
    source = look(text.encode("windows-1251"), tmp_path)
    section = source.section(source.collections[0].parts[0])
    row = csv_syntax.encode([{"id": "3", "name": "Ω Рим"}], None, section, section.style)
    assert row.decode("windows-1251") == written


@pytest.mark.parametrize("text", ['a,b\n1,2\n"', 'a,b\n1,"2\n3"\n4,5\n"', 'a,b\n"', '"a","b"\n1,"x\ny"\n2,"'])
def test_a_quote_that_opens_at_the_very_end_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "t.csv"
    file.write_text(text)
    source = scan(file)
    with pytest.raises(SourceError, match="a quoted text doesn't end"):
        list(chain.from_iterable(read_part(source, part) for part in source.collections[0].parts))
