"""Values of one database's column → row values that another one's column holds as they are, or why it can't.

Row values are what SQLite stores (see schema.coerce). Nothing is cut or rounded: what doesn't fit is Unfit.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Context, Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from outgrow.database.move.kinds import Kind, Meaning
from outgrow.schema.coerce import Unfit

Values = Sequence[Any]
NOTHING = type(None)


@dataclass(frozen=True)
class Converter:
    """Turns what was read of a column into what is written to its counterpart; the same of both sides is compared."""

    meaning: Meaning
    source: Kind
    target: Kind

    def convert(self, values: Values) -> Values:
        """A column of values; raises Unfit."""
        if self.source.dialect == self.target.dialect == "sqlite":
            _check_texts([value for value in values if type(value) is str])
            return values
        kinds = set(map(type, values)) - {NOTHING}
        if not kinds:
            return values
        fast = _FAST.get(self.meaning)
        if fast is not None and (kept := fast(self, kinds, values)) is not None:
            return kept
        one = _ONE[self.meaning]
        return [None if value is None else one(self, value) for value in values]

    def comparable(self, values: Values) -> Values:
        """Converted values such that those are equal that mean the same; raises Unfit."""
        values = self.convert(values)
        if self.meaning == "json" and not (self.source.is_exact and self.target.is_exact):
            return [None if value is None else _sort_json(value) for value in values]
        return values


def _fast_integer(column: Converter, kinds: set[type], values: Values) -> Values | None:
    if kinds != {int}:
        return None
    filled = [value for value in values if value is not None]
    return values if column.target.least <= min(filled) and max(filled) <= column.target.most else None


def _fast_text(column: Converter, kinds: set[type], values: Values) -> Values | None:
    target = column.target
    if kinds != {str} or target.size is not None:
        return None
    filled = [value for value in values if value is not None]
    if target.length is not None and max(map(len, filled)) > target.length:
        return None
    joined = "".join(filled)
    if target.dialect == "postgresql" and "\0" in joined:
        return None
    return values if joined.isascii() or not _is_damaged(joined) else None


def _integer(column: Converter, value: Any) -> int:
    if type(value) is not int:
        raise Unfit(f"is {_what(value)}, no whole number")
    target = column.target
    if not target.least <= value <= target.most:
        raise Unfit(f"is {value}, and {target.name} holds {target.least} to {target.most}")
    return value


def _float(column: Converter, value: Any) -> float:
    if type(value) not in (int, float):
        raise Unfit(f"is {_what(value)}, no number")
    number = float(value)
    if int(number) != value if type(value) is int else False:
        raise Unfit("has more digits than a float holds")
    if not math.isfinite(number) and (column.target.dialect == "mysql" or math.isnan(number)):
        raise Unfit(f"is {number}, which the database can't hold")
    return number + 0.0  # no database keeps -0.0 apart from 0.0


def _decimal(column: Converter, value: Any) -> str:
    if type(value) not in (int, float, str):
        raise Unfit(f"is {_what(value)}, no number")
    places = column.source.places if column.target.dialect == "sqlite" else column.target.places
    try:
        number = Decimal(repr(value) if type(value) is float else value)
        exact = number.quantize(Decimal(1).scaleb(-places), context=_PRECISE) if places is not None else number
    except (InvalidOperation, ValueError):
        raise Unfit(f"is {_what(value)}, no decimal number") from None
    if not number.is_finite():
        raise Unfit("is no finite number")
    if exact != number:
        raise Unfit(f"has more than {places} places behind the point")
    return f"{exact:f}"


def _boolean(_column: Converter, value: Any) -> int:
    if type(value) is int and value in (0, 1):
        return value
    raise Unfit(f"is {_what(value)}, neither true nor false")


def _text(column: Converter, value: Any) -> str:
    target = column.target
    if type(value) is not str:
        raise Unfit(f"is {_what(value)}, no text")
    if target.length is not None and len(value) > target.length:
        raise Unfit(f"is {len(value)} letters long, more than {target.length}")
    if target.size is not None and len(value.encode("utf-8", "surrogatepass")) > target.size:
        raise Unfit(f"is longer than {target.size} bytes, which is all that {target.name} holds")
    if _is_damaged(value):
        raise Unfit("is no text in UTF-8")
    if "\0" in value and target.dialect == "postgresql":
        raise Unfit("holds a NUL character, which PostgreSQL can't store")
    return value


def _check_texts(texts: list[str]) -> None:
    joined = "".join(texts)
    if not joined.isascii() and _is_damaged(joined):
        raise Unfit("is no text in UTF-8")


def _is_damaged(text: str) -> bool:
    """Whether a text of SQLite's, which looks at none, is no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _date(_column: Converter, value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise Unfit(f"is {_what(value)}, no date") from None


def _datetime(column: Converter, value: Any) -> str:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (TypeError, ValueError, OverflowError):
        raise Unfit(f"is {_what(value)}, no date and time") from None
    _check_fraction(column.target, moment.microsecond)
    return moment.isoformat(" ", "microseconds")


def _time(column: Converter, value: Any) -> str:
    try:
        moment = time.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unfit(f"is {_what(value)}, no time of day") from None
    if moment.tzinfo is not None:
        raise Unfit("has a time zone, which a time of day can't keep")
    _check_fraction(column.target, moment.microsecond)
    return moment.isoformat("microseconds")


def _check_fraction(target: Kind, microseconds: int) -> None:
    if target.dialect != "sqlite" and target.places is not None and microseconds % 10 ** (6 - target.places):
        raise Unfit(f"has a fraction of a second, of which {target.name} keeps {target.places} digits")


def _json(column: Converter, value: Any) -> str:
    """The text; of a bare number, which SQLite turns into one, as it would write it."""
    if type(value) is str and value[:1] in "-0123456789" and value:
        try:
            value = int(value)
        except ValueError:
            try:
                value = float(value)
            except ValueError:
                return _text(column, value)
    if type(value) is float:
        value = int(value) if value.is_integer() and abs(value) < 1 << 63 else value
    return _text(column, value if type(value) is str else repr(value) if type(value) in (int, float) else value)


def _sort_json(text: str) -> str:
    """JSON without what databases that take it apart don't keep: the order of keys, blanks, how numbers are written."""
    return json.dumps(json.loads(text, parse_int=Decimal, parse_float=Decimal), sort_keys=True, default=_number)


def _number(number: Decimal) -> list[str]:
    """A number such that no text, list or object that JSON holds is the same."""
    return ["\0", f"{number.normalize():f}"]


def _binary(column: Converter, value: Any) -> bytes:
    if type(value) not in (bytes, memoryview, bytearray):
        raise Unfit(f"is {_what(value)}, no bytes")
    if column.target.size is not None and len(value) > column.target.size:
        raise Unfit(f"is longer than {column.target.size} bytes")
    return bytes(value)


def _uuid(_column: Converter, value: Any) -> str:
    try:
        return UUID(value).hex
    except (AttributeError, TypeError, ValueError):
        raise Unfit(f"is {_what(value)}, no UUID") from None


def _other(_column: Converter, value: Any) -> Any:
    return value


def _what(value: Any) -> str:
    names = {str: "a text", int: "a whole number", float: "a number with a fraction", bytes: "bytes"}
    return names.get(type(value), type(value).__name__)


_PRECISE = Context(prec=1000)
_FAST: dict[str, Callable[[Converter, set[type], Values], Values | None]] = {
    "integer": _fast_integer,
    "text": _fast_text,
}
_ONE: dict[str, Callable[[Converter, Any], Any]] = {
    "integer": _integer,
    "float": _float,
    "decimal": _decimal,
    "boolean": _boolean,
    "text": _text,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "json": _json,
    "binary": _binary,
    "uuid": _uuid,
    "other": _other,
}
