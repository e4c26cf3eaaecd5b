"""Dates and times in other forms than ISO 8601: `31.12.1980`, `12/31/1980 11:59 PM`, seconds since 1970.

A format is written as in `strptime` (`%d.%m.%Y`), or is `unix` or `unix-ms`. Reading and writing by hand rather than by
the C library keeps month names out of the hands of the machine's locale, and is faster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
UNIX = {"unix": timedelta(seconds=1), "unix-ms": timedelta(milliseconds=1)}
UNIX_TEXT = {
    "unix": re.compile(r"0|[6-9][0-9]{8}|1[0-9]{9}|20[0-9]{8}|21[0-9]{8}"),
    "unix-ms": re.compile(r"0|[6-9][0-9]{11}|1[0-9]{12}|20[0-9]{11}|21[0-9]{11}"),
}
EARLIEST, LATEST = 600_000_000, 2_200_000_000
"""1989 and 2039, in seconds: what sites note lies between."""

LONGEST = 40
NOON = 12

_EPOCH = datetime(1970, 1, 1)
_PARTS = {
    "%d": r"(?P<day>0?[1-9]|[12][0-9]|3[01])",
    "%m": r"(?P<month>0?[1-9]|1[0-2])",
    "%Y": r"(?P<year>[12][0-9]{3})",
    "%H": r"(?P<hour>[0-2]?[0-9])",
    "%I": r"(?P<half>0?[1-9]|1[0-2])",
    "%M": r"(?P<minute>[0-5][0-9])",
    "%S": r"(?P<second>[0-5][0-9])",
    "%b": r"(?P<short>[A-Z][a-z]{2})",
    "%B": r"(?P<name>[A-Z][a-z]{2,8})",
    "%a": r"(?P<weekday>[A-Z][a-z]{2})",
    "%p": r"(?P<noon>[AaPp][Mm])",
    "%z": r"(?P<zone>[+-][0-9]{4})",
}
_MANNER = re.compile(r"(-?)(h?)([+-][0-9]{4})?")
_DIRECTIVE = re.compile(r"%[a-zA-Z]")
_DAYS = (
    "%d.%m.%Y %d/%m/%Y %m/%d/%Y %d-%m-%Y %m-%d-%Y %Y/%m/%d %Y.%m.%d %d|%B|%Y %B|%d,|%Y %d|%b|%Y %b|%d,|%Y %b|%d|%Y"
).split()
DATE_FORMATS = tuple(each.replace("|", " ") for each in _DAYS)
DATETIME_FORMATS = (
    *(f"{each} {clock}" for each in DATE_FORMATS for clock in ("%H:%M:%S", "%H:%M", "%I:%M %p", "%I:%M:%S %p")),
    *(f"{each}, {clock}" for each in DATE_FORMATS[:3] for clock in ("%H:%M:%S", "%H:%M", "%I:%M:%S %p")),
    "%a, %d %b %Y %H:%M:%S %z",
    "%Y-%m-%dT%H:%M:%S%z",
    "%d/%b/%Y:%H:%M:%S %z",
    "%a %b %d %H:%M:%S %Y",
    "%b %d %H:%M:%S %Y",
)
OTHER_ORDER = {
    each: each.replace("%d", "%_").replace("%m", "%d").replace("%_", "%m")
    for each in (*DATE_FORMATS, *DATETIME_FORMATS)
    if each.startswith(("%d/%m", "%m/%d", "%d-%m", "%m-%d"))
}
"""What a text may mean as well, where days and months stand the other way round."""


def is_format(text: str) -> bool:
    """Whether a plan may say so of a date or time."""
    parts = _DIRECTIVE.findall(text)
    days = {"%d", "%Y"} <= {*parts} and len({"%m", "%b", "%B"} & {*parts}) == 1
    return text in UNIX or (days and len(set(parts)) == len(parts) and set(parts) <= set(_PARTS))


@cache
def _pattern(form: str) -> re.Pattern[str]:
    pieces = re.split(r"(%[a-zA-Z])", form)
    return re.compile("".join(_PARTS.get(piece) or re.escape(piece) for piece in pieces))


def reads(form: str) -> Callable[[Iterable[str]], bool]:
    """A check whether all texts are of a format, and of days that exist."""

    def check(values: Iterable[str]) -> bool:
        return all(8 <= len(value) <= LONGEST and parse_text(value, form) is not None for value in values)

    return check


def parse_text(text: str, form: str) -> datetime | None:
    """The moment that a text stands for, in UTC where it has a zone; None where it isn't of the format."""
    match = _pattern(form).fullmatch(text)
    if match is None:
        return None
    part = match.groupdict()
    try:
        hour = int(part.get("hour") or 0)
        if part.get("half"):
            hour = int(part["half"]) % NOON + (NOON if (part["noon"] or "").upper() == "PM" else 0)
        moment = datetime(
            int(part["year"]),
            _month(part),
            int(part["day"]),
            hour,
            int(part.get("minute") or 0),
            int(part.get("second") or 0),
        )
        return moment if part.get("zone") is None else moment - _offset(part["zone"])
    except (ValueError, OverflowError):
        return None


def _month(part: dict[str, str | None]) -> int:
    if part.get("month"):
        return int(part["month"] or 0)
    name = part.get("name") or part.get("short") or ""
    known = [month for month in MONTHS if month == name or (part.get("short") and month[:3] == name)]
    if not known:
        raise ValueError(name)
    return MONTHS.index(known[0]) + 1


def _offset(zone: str) -> timedelta:
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
    return -offset if zone[0] == "-" else offset


def read_moment(value: object, form: str) -> datetime | None:
    """The moment that a field's value stands for, by the column's format."""
    if form not in UNIX:
        return parse_text(value, form) if type(value) is str else None
    if type(value) is str and UNIX_TEXT[form].fullmatch(value):
        value = int(value)
    if type(value) is not int:
        return None
    try:
        return _EPOCH + value * UNIX[form]
    except OverflowError:
        return None


def manner_of(values: Iterable[object], form: str) -> str:
    """How most values are written, as far as the format leaves it open.

    `-` says that days and months have no leading zeros, `h` that hours have none; then comes the zone.
    """
    texts = [value for value in values if type(value) is str and value]
    if form in UNIX:
        return "text" if texts else ""
    zones = [text[-5:] for text in texts] if form.endswith("%z") else []
    zone = max(sorted(set(zones)), key=zones.count, default="+0000" if form.endswith("%z") else "")
    parts = [match.groupdict() for match in map(_pattern(form).fullmatch, texts) if match]
    days = [part[name] for part in parts for name in ("day", "month") if part.get(name)]
    hours = [part[name] for part in parts for name in ("hour", "half") if part.get(name)]
    return ("-" if _are_bare(days) else "") + ("h" if _are_bare(hours) else "") + zone


def _are_bare(numbers: list[str]) -> bool:
    """Whether more of the numbers below ten have no leading zero than have one."""
    return sum(len(each) == 1 for each in numbers) > sum(each[0] == "0" for each in numbers)


def writer(form: str, manner: str) -> Callable[[str], object]:
    """What turns a row's value back into the field's; `manner` is as `manner_of` tells it."""
    if form in UNIX:
        return _unix_writer(UNIX[form], as_text=manner == "text")
    pieces = re.split(r"(%[a-zA-Z])", form)
    told = _MANNER.fullmatch(manner)
    days, hours, zone = told.groups() if told else ("", "", "")
    offset = timezone(_offset(zone)) if zone else None
    writers = {**_WRITERS, **(_BARE_DAYS if days else {}), **(_BARE_HOURS if hours else {})}

    def write(value: str) -> str:
        moment = datetime.fromisoformat(value)
        if offset is not None:
            moment = moment.replace(tzinfo=UTC).astimezone(offset)
        return "".join(writers[piece](moment) if piece in writers else piece for piece in pieces)

    return write


def _unix_writer(unit: timedelta, *, as_text: bool) -> Callable[[str], object]:
    def write(value: str) -> object:
        number = (datetime.fromisoformat(value) - _EPOCH) // unit
        return str(number) if as_text else number

    return write


_WRITERS: dict[str, Callable[[datetime], str]] = {
    "%d": lambda moment: f"{moment.day:02d}",
    "%m": lambda moment: f"{moment.month:02d}",
    "%Y": lambda moment: f"{moment.year:04d}",
    "%H": lambda moment: f"{moment.hour:02d}",
    "%I": lambda moment: f"{moment.hour % 12 or 12:02d}",
    "%M": lambda moment: f"{moment.minute:02d}",
    "%S": lambda moment: f"{moment.second:02d}",
    "%b": lambda moment: MONTHS[moment.month - 1][:3],
    "%B": lambda moment: MONTHS[moment.month - 1],
    "%a": lambda moment: DAYS[moment.weekday()],
    "%p": lambda moment: "PM" if moment.hour >= NOON else "AM",
    "%z": lambda moment: moment.strftime("%z"),
}
_BARE_DAYS: dict[str, Callable[[datetime], str]] = {
    "%d": lambda moment: str(moment.day),
    "%m": lambda moment: str(moment.month),
}
_BARE_HOURS: dict[str, Callable[[datetime], str]] = {
    "%H": lambda moment: str(moment.hour),
    "%I": lambda moment: str(moment.hour % 12 or 12),
}
