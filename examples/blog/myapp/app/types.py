"""Column types that keep the same values on SQLite, MariaDB/MySQL and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    Numeric,
    Text,
    Time,
    cast,
    literal,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator, TypeEngine

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit key. SQLite counts only columns that are declared INTEGER, which hold 64 bits there."""

LongText = Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")
"""Text of any length. MySQL's own TEXT ends after 64 KiB."""

LongBinary = LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")
"""Bytes of any length. MySQL's own BLOB ends after 64 KiB."""

ExactTime = Time().with_variant(mysql.TIME(fsp=6), "mysql", "mariadb")
"""A time of day with microseconds. MySQL's own TIME drops them."""


class UTCDateTime(TypeDecorator[dt.datetime]):
    """A date and time with microseconds; what has a time zone is stored and returned as UTC."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None or value.tzinfo is None:
            return value
        return value.astimezone(dt.UTC).replace(tzinfo=None)


BY_VALUE = {
    operators.lt,
    operators.le,
    operators.gt,
    operators.ge,
    operators.between_op,
    operators.not_between_op,
    operators.asc_op,
    operators.desc_op,
}


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal number that keeps every digit: NUMERIC, or text on SQLite, which has no decimals."""

    impl = Numeric
    cache_ok = True

    class comparator_factory(TypeDecorator.Comparator[Decimal]):
        """Compares and sorts by value: as text, 10 would come before 9."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
            if op not in BY_VALUE:
                return super().operate(op, *other, **kwargs)
            kind: Any = self.type
            number = Numeric(kind.precision, kind.scale)
            sides = [cast(literal(each, kind), number) for each in other]
            return op(cast(self.expr, number), *sides, **kwargs)  # type: ignore[no-any-return]

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.precision = precision
        self.scale = scale

    def __repr__(self) -> str:
        return f"ExactDecimal({self.precision}, {self.scale})"

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(Numeric(self.precision, self.scale))

    def round(self, value: Decimal) -> Decimal:
        """Return the value with exactly `scale` digits after the point and no sign at zero, as NUMERIC does."""
        context = Context(prec=self.precision + self.scale + 2, rounding=ROUND_HALF_UP)
        rounded = value.quantize(Decimal(1).scaleb(-self.scale), context=context)
        return rounded if rounded else abs(rounded)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        rounded = self.round(Decimal(str(value)))
        return str(rounded) if dialect.name == "sqlite" else rounded

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(str(value))


def utc_now() -> dt.datetime:
    """Return the present time in UTC, without a time zone, as it is stored."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def utc_today() -> dt.date:
    """Return the present date in UTC."""
    return dt.datetime.now(dt.UTC).date()


def utc_text() -> str:
    """Return the present time in UTC as text, such as `2026-01-31 12:30:00`."""
    return utc_now().isoformat(" ", "seconds")


def unix_now() -> int:
    """Return the present time as PHP's `time()` does: in seconds since 1970."""
    return int(dt.datetime.now(dt.UTC).timestamp())
