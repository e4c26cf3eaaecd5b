"""Rows as one text stay the rows they are, whatever their values look like."""

from __future__ import annotations

import csv
import io
import zlib

import orjson
import pytest

from outgrow.database.bulk import RowText

PLAIN = [(1, "a", None, 1.5), (2, "comma,", "null", 2.25), (3, "Zoë 😀 ;'", "", -0.0)]
LIKE_BORDERS = [(1, "],["), (2, "]\n["), (3, "[],[]")]
ESCAPED = [(1, 'say "x"'), (2, "back\\slash"), (3, "two\nlines")]


@pytest.mark.parametrize("rows", [PLAIN, LIKE_BORDERS, ESCAPED, PLAIN[:1], []])
def test_rows_come_back_and_each_has_its_own_checksum(rows: list[tuple[object, ...]]) -> None:
    text = RowText.of(rows)
    assert text.rows() == rows
    assert list(text.checksums()) == [zlib.crc32(orjson.dumps(row)) for row in rows]


def test_plain_rows_are_csv_but_for_brackets() -> None:
    made = RowText.of(PLAIN).as_csv()
    assert made is not None
    read = list(csv.reader(io.StringIO(made.decode())))
    assert read == [["1", "a", "null", "1.5"], ["2", "comma,", "null", "2.25"], ["3", "Zoë 😀 ;'", "", "-0.0"]]
    assert b'"null"' in made  # the text, not the value


@pytest.mark.parametrize("rows", [LIKE_BORDERS, ESCAPED])
def test_what_csv_would_say_otherwise_is_not_said_as_csv(rows: list[tuple[object, ...]]) -> None:
    assert RowText.of(rows).as_csv() is None
