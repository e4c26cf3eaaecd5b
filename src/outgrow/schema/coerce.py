"""One column of field values → one column of row values. Converts exactly, or says why it can't.

A row value is what SQLite stores: int, float, text, or None. Dates are `2024-01-02`, times
`03:04:05.000000`, datetimes `2024-01-02 03:04:05.000000` in UTC, decimals digits with all places of
their scale, booleans 0 and 1, JSON the shortest text. Other databases get them through their driver.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from outgrow.record import MISSING, Missing, Number
from outgrow.schema.flags import read_flag
from outgrow.schema.forms import BOOLEANS, DATETIME, NUMERIC
from outgrow.schema.model import Column
from outgrow.schema.moments import UNIX, read_moment
from outgrow.schema.money import read_amount
from outgrow.schema.plain import NULL_WORDS

NOTHING = frozenset((type(None), Missing))
ZERO_TIMES = (0, "0")
FEW_PLACES = 4
EXACT = 1e11
"""Below this, each decimal with few places has a float of its own."""
PLAIN_DATETIME = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]")
Dump = Callable[[Any], str]


class Unfit(ValueError):
    """The value doesn't fit the column; the text says why, without the value."""


def coerce_column(values: list[Any], column: Column, dump: Dump) -> tuple[list[Any], dict[int, str]]:
    """Convert a column of field values; returns the row values and, by place, why some don't fit."""
    kinds = set(map(type, values))
    if column.type.name == "boolean" and column.format:
        fast = _coerce_flags(values, kinds, column)
    else:
        fast = None if column.format or column.none else _coerce_fast(values, kinds, column)
    if fast is not None:
        return fast, {}
    converted: list[Any] = []
    unfit: dict[int, str] = {}
    for place, value in enumerate(values):
        try:
            converted.append(coerce_value(value, column, dump))
        except Unfit as problem:
            converted.append(None)
            unfit[place] = str(problem)
    return converted, unfit


def _coerce_fast(values: list[Any], kinds: set[type], column: Column) -> list[Any] | None:
    """The column as a whole where all its values are of the kind they should be, else None."""
    if not values:
        return []
    if column.nullable and kinds & NOTHING:
        if kinds <= NOTHING:
            return [None] * len(values)
        if Missing in kinds:
            values = [None if value is MISSING else value for value in values]
        kinds = kinds - NOTHING
        filled = [value for value in values if value is not None]
    elif kinds & NOTHING:
        return None
    else:
        filled = values
    if column.type.name == "decimal" and kinds <= {int, float}:
        return _coerce_numbers(values, filled, column)
    if len(kinds) != 1:
        return None
    return _coerce_kind(values, filled, kinds.pop(), column)


def _coerce_flags(values: list[Any], kinds: set[type], column: Column) -> list[Any] | None:
    """Flags of one kind, each of which is written in the column's format, else None."""
    filled = kinds - NOTHING
    if not (filled <= {int} or filled <= {str}) or column.none or (kinds & NOTHING and not column.nullable):
        return None
    told = {value: read_flag(value, column.format) for value in set(values) if type(value) not in NOTHING}
    return None if None in told.values() else [told.get(value) for value in values]


def _coerce_kind(values: list[Any], filled: list[Any], kind: type, column: Column) -> list[Any] | None:
    """Values of one kind beside None; `filled` leaves the None out."""
    name = column.type.name
    if kind is str:
        if name == "string":
            short = max(map(len, filled)) <= (column.type.length or 0)
            return values if short and not (column.empty_is_null and "" in filled) and not _holds_nul(filled) else None
        if name == "text":
            return values if not (column.empty_is_null and "" in filled) and not _holds_nul(filled) else None
        if name == "datetime" and all(map(PLAIN_DATETIME.fullmatch, filled)):
            try:
                deque(map(datetime.fromisoformat, filled), maxlen=0)
            except ValueError:
                return None
            return [None if value is None else value + ".000000" for value in values]
    if kind is int and name == "integer":
        limit = 1 << 63 if column.type.precision == 64 else 1 << 31
        return values if -limit <= min(filled) and max(filled) < limit else None
    if kind is float and name == "float":
        return None if 0.0 in filled else values
    if kind is bool and name == "boolean":
        return [None if value is None else int(value) for value in values]
    return None


def _coerce_numbers(values: list[Any], filled: list[Any], column: Column) -> list[Any] | None:
    """Numbers as decimals, where each has an exact one of this size."""
    scale = column.type.scale or 0
    limit = min(10.0 ** ((column.type.precision or 0) - scale), EXACT)
    if scale > FEW_PLACES or not -limit < min(filled) <= max(filled) < limit:
        return None
    texts = [None if value is None else f"{value:.{scale}f}" for value in values]
    exact = all(text is None or float(text) == value for text, value in zip(texts, values, strict=True))
    return texts if exact and 0 not in filled else None


def _holds_nul(values: list[str]) -> bool:
    return "\0" in "".join(values)


def coerce_value(value: Any, column: Column, dump: Dump) -> Any:
    """Convert one field value to its row value; raises Unfit."""
    if value is None or value is MISSING or (value == "" and drops_empty(column)) or _spells_null(value, column):
        if not column.nullable:
            raise Unfit("is missing" if value is MISSING else "is null" if value is None else "is empty")
        return None
    if column.format:
        written = _coerce_written(value, column)
        if written is not None:
            return written
        if type(value) is str and column.type.name in ("date", "datetime"):
            return _coerce_moment(value, column, dump)
    return _COERCERS[column.type.name](value, column, dump)


def _coerce_moment(value: str, column: Column, dump: Dump) -> Any:
    """The row value of a text that isn't in the column's format, but as databases write it; raises Unfit."""
    try:
        return _COERCERS[column.type.name](value, column, dump)
    except Unfit:
        kind = "date" if column.type.name == "date" else "date and time"
        raise Unfit(f'is no {kind} in the plan\'s format "{column.format}"') from None


def _coerce_written(value: Any, column: Column) -> str | int | None:
    """The row value of what is written in the column's own format; None where it isn't."""
    if column.type.name == "boolean":
        return read_flag(value, column.format)
    if column.type.name == "decimal":
        amount = read_amount(value, column.format) if type(value) is str else None
        return None if amount is None else _coerce_decimal(str(amount), column, str)
    moment = read_moment(value, column.format)
    if moment is None:
        return None
    return moment.date().isoformat() if column.type.name == "date" else moment.isoformat(" ", "microseconds")


def drops_empty(column: Column) -> bool:
    """Whether an empty text is stored as null."""
    return column.empty_is_null or column.type.name not in ("string", "text", "json")


def _spells_null(value: Any, column: Column) -> bool:
    """Whether a value in a column of something else only says that there is nothing, as dumps of databases do."""
    plain = column.type.name in ("string", "text", "json")
    return stands_for_none(value, column) or (type(value) is str and value in NULL_WORDS and not plain)


def stands_for_none(value: Any, column: Column) -> bool:
    """Whether a value is the one that means none here: the plan's, or the time zero, for nothing happened in 1970."""
    if not column.nullable or type(value) not in (int, str):
        return False
    return str(value) == column.none if column.none else column.format in UNIX and value in ZERO_TIMES


def _kind_of(value: Any) -> str:
    names = {str: "a text", int: "a whole number", float: "a number", Number: "a number", bool: "true or false"}
    return names.get(type(value), "an object" if isinstance(value, dict) else "a list")


def _coerce_integer(value: Any, column: Column, _dump: Dump) -> int:
    number: int | None = None
    if type(value) is int:
        number = value
    elif isinstance(value, str):
        try:
            number = int(value.removesuffix(".0")) if NUMERIC.fullmatch(value) and len(value) < 30 else None
        except ValueError:
            number = None
    elif (type(value) is float and value.is_integer()) or type(value) is bool:
        number = int(value)
    if number is None:
        raise Unfit(f"is {_kind_of(value)}, no whole number")
    limit = 1 << 63 if column.type.precision == 64 else 1 << 31
    if not -limit <= number < limit:
        raise Unfit(f"is a number that doesn't fit into {64 if column.type.precision == 64 else 32} bits")
    return number


def _coerce_float(value: Any, _column: Column, _dump: Dump) -> float:
    if type(value) in (int, float, Number) or (type(value) is str and NUMERIC.fullmatch(value)):
        try:
            number = float(value)
        except OverflowError:
            raise Unfit("is a number beyond what a float can hold") from None
        if number in (float("inf"), float("-inf")):
            raise Unfit("is a number beyond what a float can hold")
        return number + 0.0  # no database keeps -0.0 apart from 0.0
    raise Unfit(f"is {_kind_of(value)}, no number")


def _coerce_decimal(value: Any, column: Column, _dump: Dump) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise Unfit(f"is {_kind_of(value)}, no number")
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value))
        exact = number.quantize(Decimal(1).scaleb(-(column.type.scale or 0)))
    except InvalidOperation:
        raise Unfit(f"is {_kind_of(value)}, no decimal number of this size") from None
    if not number.is_finite() or exact != number:
        raise Unfit(f"has more than {column.type.scale} places behind the point")
    if len(exact.as_tuple().digits) > (column.type.precision or 0):
        raise Unfit(f"has more than {column.type.precision} digits")
    return f"{exact:f}"


def _coerce_boolean(value: Any, _column: Column, _dump: Dump) -> int:
    if type(value) is bool:
        return int(value)
    if type(value) is int and value in (0, 1):
        return value
    if type(value) is str and value in BOOLEANS:
        return int(BOOLEANS[value])
    if value in ("0", "1"):
        return int(value)
    raise Unfit(f"is {_kind_of(value)}, neither true nor false")


def _coerce_text(value: Any, column: Column, _dump: Dump) -> str:
    if type(value) is bool:
        value = "true" if value else "false"
    elif type(value) in (int, float):
        value = repr(value)
    elif not isinstance(value, str):
        raise Unfit(f"is {_kind_of(value)}, no text")
    text = str(value).replace("\0", "")  # PostgreSQL can't store it; the ledger keeps what is missing
    if column.type.name == "string" and len(text) > (column.type.length or 0):
        raise Unfit(f"is {len(text)} characters long, more than {column.type.length}")
    return text


def _coerce_date(value: Any, _column: Column, _dump: Dump) -> str:
    if type(value) is str and len(value) == 10:
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise Unfit("is no date like 2024-12-31")


def _coerce_datetime(value: Any, _column: Column, _dump: Dump) -> str:
    if type(value) is str and (DATETIME.fullmatch(value) or len(value) == 10):
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                moment = moment.astimezone(UTC).replace(tzinfo=None)
            return moment.isoformat(" ", "microseconds")
        except (ValueError, OverflowError):
            pass
    raise Unfit("is no date and time like 2024-12-31 23:59:59")


def _coerce_time(value: Any, _column: Column, _dump: Dump) -> str:
    if type(value) is str:
        try:
            return time.fromisoformat(value).replace(tzinfo=None).isoformat("microseconds")
        except ValueError:
            pass
    raise Unfit("is no time like 23:59:59")


def _coerce_json(value: Any, column: Column, dump: Dump) -> str | int | float:
    if type(value) in (int, float, Number):
        # SQLite turns a text that is one number into that number, and a whole one into an integer.
        number = _coerce_float(value, column, dump)
        small = number.is_integer() and abs(number) < 1 << 63
        return (value if type(value) is int else int(number)) if small else number
    return dump(value)


_COERCERS: dict[str, Callable[[Any, Column, Dump], Any]] = {
    "integer": _coerce_integer,
    "float": _coerce_float,
    "decimal": _coerce_decimal,
    "boolean": _coerce_boolean,
    "string": _coerce_text,
    "text": _coerce_text,
    "date": _coerce_date,
    "datetime": _coerce_datetime,
    "time": _coerce_time,
    "json": _coerce_json,
    "binary": _coerce_text,
}
