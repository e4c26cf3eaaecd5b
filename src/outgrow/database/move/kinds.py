"""What a column can hold, as the database describes it, and what two columns of one name mean together.

SQLite is loosely typed: its column says little of what the values mean, so the server's column decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import types as sql
from sqlalchemy.dialects import mysql, postgresql

Meaning = Literal[
    "integer", "float", "decimal", "boolean", "text", "date", "datetime", "time", "json", "binary", "uuid", "other"
]

INTEGERS: dict[type[Any], int] = {
    mysql.TINYINT: 8,
    sql.SMALLINT: 16,
    mysql.MEDIUMINT: 24,
    sql.BIGINT: 64,
}
"""The bits of whole numbers; of all others 32, and on SQLite always 64."""

MYSQL_BYTES: dict[type[Any], int] = {
    mysql.TINYTEXT: 255,
    mysql.TINYBLOB: 255,
    mysql.TEXT: 65_535,
    sql.TEXT: 65_535,
    sql.BLOB: 65_535,
    mysql.MEDIUMTEXT: 16_777_215,
    mysql.MEDIUMBLOB: 16_777_215,
}


BYTES = ("BINARY", "VARBINARY", "BYTEA", "BLOB", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB")


@dataclass(frozen=True)
class Kind:
    """What a column can hold: numbers from `least` to `most`, `length` letters, `size` bytes, `places` of a fraction.

    `is_exact` of JSON: its text stays as it is. `name` is for people.
    """

    meaning: Meaning
    dialect: str
    name: str
    least: int = -(1 << 63)
    most: int = (1 << 63) - 1
    length: int | None = None
    size: int | None = None
    places: int | None = None
    is_exact: bool = True


def kind_of(type_: sql.TypeEngine[Any], dialect: str, *, is_json: bool = False, is_mariadb: bool = False) -> Kind:
    """The kind of a reflected column; `is_json` says that a text is meant so."""
    name = "JSON" if is_json else repr(type_).partition("(")[0] if isinstance(type_, sql.NullType) else str(type_)
    kind = Kind("other", dialect, name)
    if is_json or isinstance(type_, sql.JSON):
        is_exact = not isinstance(type_, postgresql.JSONB) and (dialect != "mysql" or is_mariadb)
        return replace(kind, meaning="json", is_exact=is_exact)
    if isinstance(type_, (mysql.BIT, postgresql.BIT)):
        return kind
    if isinstance(type_, (sql.Integer, mysql.YEAR)):
        return _integer(kind, type_)
    if isinstance(type_, sql.Float):
        return replace(kind, meaning="float")
    if isinstance(type_, sql.Numeric):
        places = None if type_.scale is None and dialect != "mysql" else (type_.scale or 0)
        return replace(kind, meaning="decimal", places=places)
    for known, meaning in _TIMES:
        if isinstance(type_, known):
            return replace(kind, meaning=meaning, places=_places(type_, dialect))
    return _text_or_bytes(kind, type_)


_TIMES: list[tuple[type[Any], Meaning]] = [(sql.DateTime, "datetime"), (sql.Date, "date"), (sql.Time, "time")]


def _integer(kind: Kind, type_: sql.TypeEngine[Any]) -> Kind:
    if kind.dialect == "sqlite":
        return replace(kind, meaning="integer")
    bits = next((bits for known, bits in INTEGERS.items() if isinstance(type_, known)), 32)
    if getattr(type_, "unsigned", False):
        return replace(kind, meaning="integer", least=0, most=(1 << bits) - 1)
    return replace(kind, meaning="integer", least=-(1 << (bits - 1)), most=(1 << (bits - 1)) - 1)


def _places(type_: Any, dialect: str) -> int:
    """How many digits of a second's fraction are kept."""
    if dialect == "mysql":
        return getattr(type_, "fsp", None) or 0
    precision = getattr(type_, "precision", None)
    return 6 if precision is None else int(precision)


def _text_or_bytes(kind: Kind, type_: sql.TypeEngine[Any]) -> Kind:
    size = MYSQL_BYTES.get(type(type_)) if kind.dialect == "mysql" else None
    if isinstance(type_, sql.Boolean):
        return replace(kind, meaning="boolean")
    if isinstance(type_, sql.Uuid):
        return replace(kind, meaning="uuid")
    if isinstance(type_, (sql.Enum, mysql.SET)):
        return replace(kind, meaning="text")
    if isinstance(type_, sql.String):
        length = None if size else type_.length
        return replace(kind, meaning="text", length=length if kind.dialect != "sqlite" else None, size=size)
    if isinstance(type_, sql.LargeBinary) or type(type_).__visit_name__ in BYTES:
        length = getattr(type_, "length", None) if kind.dialect == "mysql" else None
        return replace(kind, meaning="binary", size=size or length)
    return kind


def meaning_of(source: Kind, target: Kind) -> Meaning | None:
    """What the values of two columns mean to both; None where the target's database has nothing like it."""
    if source.dialect == target.dialect and "other" in (source.meaning, target.meaning):
        return "other"
    if source.meaning == "other" or target.meaning == "other":
        there = {source.meaning, target.meaning, source.dialect, target.dialect}
        if "text" in there or "sqlite" in there:  # the one that reads the other's text says whether it is right
            return "text"
        return None
    if target.meaning == "text":
        return source.meaning if source.meaning in ("json", "uuid") or source.dialect != "sqlite" else "text"
    if source.meaning == "text":
        return target.meaning
    return source.meaning if target.dialect == "sqlite" else target.meaning
