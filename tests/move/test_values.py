"""What each type of a server's can hold of a value that SQLite has, and what values mean on both sides."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from outgrow.database.move.kinds import kind_of, meaning_of
from outgrow.database.move.values import Converter
from outgrow.schema.coerce import Unfit


def converter(source: tuple[str, Any], target: tuple[str, Any]) -> Converter:
    kinds = [kind_of(type_, dialect, is_mariadb=True) for dialect, type_ in (source, target)]
    meaning = meaning_of(*kinds)
    assert meaning is not None
    return Converter(meaning, *kinds)


MOVED = [
    (("sqlite", sa.TEXT()), ("postgresql", sa.NUMERIC(10, 2)), "12.5", "12.50"),
    (("sqlite", sa.TEXT()), ("mysql", mysql.DECIMAL(20, 8)), "0E-8", "0.00000000"),
    (("postgresql", sa.NUMERIC(10, 2)), ("sqlite", sa.TEXT()), "12.50", "12.50"),
    (("sqlite", sqlite.DATETIME()), ("postgresql", sa.TIMESTAMP()), "2024-01-02", "2024-01-02 00:00:00.000000"),
    (("sqlite", sqlite.DATETIME()), ("mysql", mysql.DATETIME(fsp=6)), "2024-01-02T03:04:05+02:00",
     "2024-01-02 01:04:05.000000"),
    (("postgresql", sa.TIMESTAMP()), ("sqlite", sqlite.DATETIME()), "2024-01-02 03:04:05.5",
     "2024-01-02 03:04:05.500000"),
    (("sqlite", sa.CHAR(32)), ("postgresql", sa.UUID()), "00000000000000000000000000000007",
     "00000000000000000000000000000007"),
    (("postgresql", sa.UUID()), ("mysql", sa.CHAR(32)), "00000000-0000-0000-0000-000000000007",
     "00000000000000000000000000000007"),
    (("sqlite", sqlite.JSON()), ("postgresql", sa.JSON()), '{"b": 1.10, "a": 1}', '{"b": 1.10, "a": 1}'),
    (("sqlite", sqlite.JSON()), ("postgresql", sa.JSON()), 2.5, "2.5"),
    (("postgresql", sa.BOOLEAN()), ("mysql", mysql.TINYINT(display_width=1)), 1, 1),
    (("mysql", mysql.TINYINT(display_width=1)), ("postgresql", sa.BOOLEAN()), 0, 0),
    (("postgresql", postgresql.ENUM("a", name="letters")), ("sqlite", sa.VARCHAR(1)), "a", "a"),
    (("sqlite", sa.BLOB()), ("postgresql", postgresql.BYTEA()), b"\0\xff", b"\0\xff"),
    (("mysql", mysql.LONGBLOB()), ("postgresql", postgresql.BYTEA()), b"", b""),
    (("postgresql", postgresql.INTERVAL()), ("postgresql", postgresql.INTERVAL()), "1 day", "1 day"),
    (("sqlite", sa.TEXT()), ("mysql", mysql.MEDIUMTEXT()), "é" * 40_000, "é" * 40_000),
    (("sqlite", sa.REAL()), ("mysql", mysql.DOUBLE()), -0.0, 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("source", "target", "value", "written"), MOVED)
def test_a_value_is_written_as_its_column_has_it(source: Any, target: Any, value: Any, written: Any) -> None:
    column = converter(source, target)
    assert list(column.convert([None, value])) == [None, written]
    assert list(column.comparable([written])) == list(column.comparable([value])), "read back it is the same"


NOT_MOVED = [
    (("sqlite", sqlite.DATETIME()), ("mysql", mysql.DATETIME()), "2024-01-02 03:04:05.250000", "fraction of a second"),
    (("sqlite", sqlite.TIME()), ("mysql", mysql.TIME()), "03:04:05.250000", "fraction of a second"),
    (("sqlite", sqlite.TIME()), ("postgresql", sa.TIME()), "25:00:00", "no time of day"),
    (("sqlite", sa.TEXT()), ("mysql", mysql.TEXT()), "é" * 40_000, "longer than 65535 bytes"),
    (("sqlite", sa.BLOB()), ("mysql", mysql.BLOB()), b"x" * 65_536, "longer than 65535 bytes"),
    (("sqlite", sa.TEXT()), ("postgresql", sa.NUMERIC(10, 2)), "1.005", "more than 2 places"),
    (("sqlite", sa.NUMERIC()), ("postgresql", sa.NUMERIC(10, 2)), "NaN", "no finite number"),
    (("sqlite", sa.NUMERIC()), ("postgresql", sa.NUMERIC(10, 2)), "ten", "no decimal number"),
    (("sqlite", sa.INTEGER()), ("mysql", mysql.INTEGER(unsigned=True)), -1, "holds 0 to 4294967295"),
    (("mysql", mysql.BIGINT(unsigned=True)), ("postgresql", sa.BIGINT()), 2**63, "holds -9223372036854775808 to"),
    (("sqlite", sa.REAL()), ("mysql", mysql.DOUBLE()), float("inf"), "can't hold"),
    (("sqlite", sa.REAL()), ("postgresql", sa.DOUBLE_PRECISION()), 2**53 + 1, "more digits than a float holds"),
    (("postgresql", sa.DOUBLE_PRECISION()), ("sqlite", sa.REAL()), float("nan"), "can't hold"),
    (("sqlite", sa.DATE()), ("postgresql", sa.DATE()), "0000-00-00", "no date"),
    (("postgresql", sa.DATE()), ("sqlite", sa.DATE()), "0044-03-15 BC", "no date"),
    (("postgresql", sa.TIMESTAMP()), ("mysql", mysql.DATETIME(fsp=6)), "infinity", "no date and time"),
    (("sqlite", sa.CHAR(32)), ("postgresql", sa.UUID()), "7", "no UUID"),
    (("sqlite", sqlite.JSON()), ("postgresql", sa.JSON()), b"{}", "no text"),
]


@pytest.mark.parametrize(("source", "target", "value", "problem"), NOT_MOVED)
def test_a_value_that_would_be_another_is_refused(source: Any, target: Any, value: Any, problem: str) -> None:
    with pytest.raises(Unfit, match=problem):
        converter(source, target).convert([value])


def test_json_that_a_server_takes_apart_is_compared_by_what_it_says() -> None:
    column = converter(("postgresql", sa.JSON()), ("postgresql", postgresql.JSONB()))
    assert column.convert(['{"b": 1.10,  "a": 10}']) == ['{"b": 1.10,  "a": 10}']
    assert column.comparable(['{"b": 1.10,  "a": 10}']) == column.comparable(['{"a": 1e1, "b": 1.1}'])
    assert column.comparable(['{"a": 1}']) != column.comparable(['{"a": "1"}'])


def test_a_type_of_one_server_only_has_no_meaning_on_another() -> None:
    inet, point = kind_of(postgresql.INET(), "postgresql"), kind_of(mysql.BIT(3), "mysql")
    assert meaning_of(inet, point) is None
    assert meaning_of(inet, inet) == "other"
