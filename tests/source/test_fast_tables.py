"""The fast way through tables reads what the csv module reads, or leaves it to that."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outgrow.record import Batch
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax import csv as csv_syntax
from outgrow.source.syntax.csv_fast import FastRows
from outgrow.source.syntax.csv_text import ALL, MINIMAL, NONE, PHP

FIELDS = ("a", 'b "%b"', "c")
TEXTS = st.text(st.sampled_from("x,;\"\n\r\\\t \1'é0"), max_size=60)
PIECES = st.text(st.sampled_from("x \\\té0"), max_size=3)
CELLS = PIECES | st.lists(PIECES | st.sampled_from(['""', ",", ";", "\n", "\\"]), max_size=3).map(
    lambda parts: '"' + "".join(parts) + '"'
)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3).map(",".join), min_size=1, max_size=4).map(
    lambda rows: "\n".join(rows) + "\n"
)
STYLES = st.builds(
    Style,
    delimiter=st.sampled_from(",;\t"),
    quote=st.sampled_from("\"'"),
    escape=st.sampled_from(["", "php", "\\"]),
    quoting=st.sampled_from([MINIMAL, ALL, NONE, PHP]),
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "windows-1252"]),
)


def section_of(data: bytes, style: Style) -> Section:
    return Section("table", 0, len(data), style=style, fields=FIELDS)


@settings(max_examples=400, deadline=None)
@given(text=TEXTS | ROWS, style=STYLES | st.just(Style()))
@example('x,"a ""b"", c",x\n"","\n",""\n', Style())
@example('"x","""","x"\r\n"a","b","c"\r\n', Style(quoting=ALL, newline="\r\n"))
@example('x,x,"open\n', Style())
@example('x,"x\\"",x\n', Style(escape="php"))
def test_the_fast_way_reads_what_the_careful_one_reads_or_nothing(text: str, style: Style) -> None:
    data = text.encode(style.encoding)
    taken = FastRows(section_of(data, style)).read(data, 7)
    if taken is None:
        return
    batch, used = taken
    careful = csv_syntax.reread(Batch([], data[:used].rstrip(b"\r\n"), 7, 7 + used), section_of(data, style))
    assert (batch.records, batch.raw, batch.end) == (careful.records, careful.raw, careful.end)
    again = csv_syntax.reread(batch, section_of(data, style))
    assert (again.records, again.offsets, again.plain) == (careful.records, careful.offsets, False)


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_regular_rows_go_the_fast_way_whatever_they_hold(quoting: int, newline: str) -> None:
    rows = [[str(n), f'say "{n}", or\n\r\ntwo \\ lines', "\ttab é" * (n % 3)] for n in range(300)]
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=quoting, lineterminator=newline).writerows(rows)  # type: ignore[arg-type]
    data = stream.getvalue().encode()
    style = replace(Style(), quoting=ALL if quoting == csv.QUOTE_ALL else MINIMAL, newline=newline)
    reader, position, records = FastRows(section_of(data, style)), 0, []
    while position < len(data):
        cut = min(len(data), position + 2_000)
        taken = reader.read(data[position : data.rfind(b"\n", position, cut) + 1], position)
        assert taken is not None
        records += taken[0].records
        position += taken[1]
    assert [list(record.values()) for record in records] == [[cell or None for cell in row] for row in rows]


def test_a_table_that_is_never_regular_is_soon_read_carefully_alone() -> None:
    data = b"1,2,3\n1,2\n"
    reader = FastRows(section_of(data, Style()))
    for _ in range(30):
        assert reader.read(data, 0) is None
    assert reader.read(b"1,2,3\n", 0) is None
