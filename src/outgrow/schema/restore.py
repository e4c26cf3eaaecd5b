"""One column of row values → one column of field values, written as the source writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from outgrow.record import Number
from outgrow.schema.flags import writer as flag_writer
from outgrow.schema.model import Column
from outgrow.schema.moments import writer as moment_writer
from outgrow.schema.money import writer as amount_writer


def pattern_of(text: str, name: str) -> str:
    """How a date, datetime or time is written: its separator, how far it goes, and its zone.

    `T.s3Z` is `2024-01-02T03:04:05.000Z`; for each: separator, `s` with seconds or `m` without, the
    digits of a fraction, and the zone's text.
    """
    if name == "date":
        return ""
    separator, rest = ("", text) if name == "time" else (text[10:11], text[11:])
    clock = re.match(r"[0-9:]*", rest)
    precision = "s" if clock and len(clock.group()) > 5 else "m"
    fraction = re.search(r"\.([0-9]+)", rest)
    zone = re.search(r"Z|[+-][0-9]{2}:?[0-9]{2}$", rest)
    return f"{separator}.{precision}{len(fraction.group(1)) if fraction else ''}{zone.group() if zone else ''}"


def restore_column(values: Sequence[Any], column: Column, pattern: str) -> Sequence[Any]:
    """Turn row values back into field values, written in the pattern that was learned."""
    name = column.type.name
    if column.format:
        write = _writer(column, pattern)
        return [None if value is None else write(value) for value in values]
    if name in ("integer", "string", "text"):
        return values
    if name == "float":
        if pattern == "integral":
            return [int(v) if v is not None and v.is_integer() and abs(v) < 1e15 else v for v in values]
        return values
    restore = _RESTORERS[name](pattern)
    return values if restore is None else [None if value is None else restore(value) for value in values]


def _writer(column: Column, pattern: str) -> Callable[[Any], Any]:
    if column.type.name == "boolean":
        return flag_writer(column.format, as_text=pattern == "text")
    return amount_writer(column.format) if column.type.name == "decimal" else moment_writer(column.format, pattern)


def without_zeros(text: str) -> str:
    """Digits without the zeros behind a point that say nothing: `1.50` is `1.5`, and `2.00` is `2`."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def _restore_decimal(pattern: str) -> Restore | None:
    if pattern == "short text":
        return without_zeros
    if pattern.startswith("short"):
        return _restore_short(whole=pattern == "short")

    def restore(value: str) -> Any:
        number = float(value) if "." in value else int(value)
        return number if repr(number) == value else Number(value)

    return None if pattern == "text" else restore


def _restore_short(*, whole: bool) -> Restore:
    """As programs write floats: without zeros at the end, and with or without `.0` where nothing else is left."""

    def restore(value: str) -> Any:
        number = float(value)
        return int(number) if whole and number.is_integer() and abs(number) < 1e15 else number

    return restore


def _restore_datetime(pattern: str) -> Restore:
    separator, length, zone = _split_pattern(pattern, 16)
    if zone in ("", "Z", "+00:00"):
        if separator == " " and not zone:
            return lambda value: value[:length]
        return lambda value: value[:10] + separator + value[11:length] + zone
    offset = datetime.strptime(zone, "%z").tzinfo

    def restore(value: str) -> str:
        moment = datetime.fromisoformat(value).replace(tzinfo=UTC).astimezone(offset)
        return moment.isoformat(separator, "microseconds")[:length] + zone

    return restore


def _restore_time(pattern: str) -> Restore:
    _, length, zone = _split_pattern(pattern, 5)
    return lambda value: value[:length] + zone


def _restore_json(value: str | float) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value


def _split_pattern(pattern: str, minutes: int) -> tuple[str, int, str]:
    """Separator, length of the text without its zone, and zone; `minutes` is the length up to the minutes."""
    match = re.fullmatch(r"([ T]?)\.([ms])([0-9]*)(.*)", pattern)
    if match is None:
        return " ", minutes + 3, ""
    separator, precision, digits, zone = match.groups()
    length = minutes if precision == "m" else minutes + 3
    return separator, length + 1 + int(digits) if digits else length, zone


Restore = Callable[[Any], Any]
_RESTORERS: dict[str, Callable[[str], Restore | None]] = {
    "decimal": _restore_decimal,
    "boolean": lambda _: bool,
    "date": lambda _: None,
    "datetime": _restore_datetime,
    "time": _restore_time,
    "json": lambda _: _restore_json,
    "binary": lambda _: None,
}
