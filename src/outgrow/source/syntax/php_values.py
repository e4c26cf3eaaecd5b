"""What PHP's values are as records: objects, enums and numbers, the same in every text that PHP writes.

An object becomes its members. Its class stands in the style where objects under that key mostly have it, else in
a member of its own. Nothing is ever made an object of a class.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import copysign, isinf, isnan
from typing import Any

from outgrow.record import Number
from outgrow.source.style import Style

MARK = "php:class"
"""The member that says the class of an object which isn't the usual one; `array` and `string` for what is none."""
CLASS_OF = "class of "
"""What options of a style start with that say the usual class of what stands under a key."""
MEMBERS = "\ud800members"
"""The context of an object's members, whose names are never numbers."""
MOST_DEPTH = 128
MOST_CLASSES = 200
TOO_DEEP = f"is nested too deeply: more than {MOST_DEPTH} levels"
CLASS = r"\\?[A-Za-z_\x80-\U0010ffff][\w\\\x80-\U0010ffff]*"
MARKED = re.compile(rf"({CLASS})(?:\(([^()]+)\))?")
CASE = re.compile(rf"({CLASS})::(\w+)")
JSON_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
WHOLE = re.compile(r"0|-?[1-9]\d{0,18}")
INFINITE = Number("1e999")
MINUS_INFINITE = Number("-1e999")


class Unfit(Exception):
    """What stands at `offset` is no value that a record can hold, for a reason."""

    def __init__(self, reason: str, offset: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


@dataclass(frozen=True)
class Kind:
    """A class as it is written, and its members that are not public, with `*` or the class that declares them."""

    name: str
    scopes: tuple[tuple[str, str], ...] = ()

    def describe(self) -> str:
        """The text of a mark; the way back is `_read_mark`."""
        inner = ", ".join(f"{scope} {member}" for member, scope in self.scopes)
        return f"{self.name}({inner})" if inner else self.name


class Kinds:
    """The usual classes of objects and enums, by the key that they stand under, and those that were seen."""

    def __init__(self, style: Style) -> None:
        self.usual: dict[str, Kind] = {}
        self.enums: dict[str, str] = {}
        self.seen: Counter[tuple[str, Kind]] = Counter()
        for option, text in style.options:
            if not option.startswith(CLASS_OF):
                continue
            context = option.removeprefix(CLASS_OF)
            kind = _read_mark(text.removeprefix("enum "))
            if text.startswith("enum "):
                self.enums[context] = text.removeprefix("enum ")
            elif kind is not None:
                self.usual[context] = kind
        self.known = bool(self.usual or self.enums)

    def object(self, context: str, name: str, members: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        """An object of a class as its members; raises Unfit."""
        value, kind = _members(name, members)
        self.seen[context, kind] += 1
        usual = self.usual.get(context)
        if usual is not None and _is_usual(usual, kind, value):
            return value
        return {MARK: kind.describe(), **value}

    def case(self, context: str, name: str, case: str) -> Any:
        """A case of an enum: its name, where the enum is the usual one here."""
        self.seen[context, Kind(f"enum {name}")] += 1
        return case if self.enums.get(context) == name else {MARK: f"{name}::{case}"}

    def array(self, context: str, value: dict[str, Any]) -> dict[str, Any]:
        """An array with keys; marked where objects usually stand. Raises Unfit."""
        if MARK in value:
            raise Unfit(f'holds the key "{MARK}", by which outgrow marks objects')
        return {MARK: "array", **value} if context in self.usual else value

    def text(self, context: str, value: str) -> Any:
        """A text; marked where cases of an enum usually stand."""
        return {MARK: "string", "value": value} if context in self.enums else value

    def learned(self) -> tuple[tuple[str, str], ...]:
        """The most frequent class of each context, as options of the style."""
        best: dict[str, tuple[int, str]] = {}
        for (context, kind), count in self.seen.items():
            best[context] = max(best.get(context, (0, "")), (count, kind.describe()))
        usual = sorted(best.items(), key=lambda one: -one[1][0])[:MOST_CLASSES]
        return tuple(sorted((CLASS_OF + context, text) for context, (_, text) in usual))

    def plain(self, context: str, value: dict[str, Any]) -> tuple[str, Iterable[tuple[str, Any]]]:
        """The class of a dict on its way back (empty for an array) and its members; enum cases are `case_of`'s."""
        if MARK in value and type(value[MARK]) is str and (kind := _read_mark(value[MARK])) is not None:
            rest = [(name, part) for name, part in value.items() if name != MARK]
            return ("", rest) if kind.name == "array" else (kind.name, _scoped(kind, rest))
        usual = self.usual.get(context)
        return ("", value.items()) if usual is None else (usual.name, _scoped(usual, value.items()))

    def case_of(self, context: str, value: Any) -> tuple[str, str] | None:
        """The enum and case that a text or a marked dict stands for on its way back; None for all else."""
        if type(value) is str:
            return (self.enums[context], value) if context in self.enums else None
        if len(value) == 1 and MARK in value and (match := CASE.fullmatch(str(value[MARK]))):
            return match.group(1), match.group(2)
        return None


def is_marked_text(value: dict[str, Any]) -> bool:
    """Whether a dict is a text that stands where enum cases do."""
    return value.get(MARK) == "string" and value.keys() == {MARK, "value"} and type(value["value"]) is str


def within(context: str | None, key: str) -> str:
    """The context of what stands under a key: the key, unless it is a number; none among records (None)."""
    if context is None:
        return ""
    if context == MEMBERS:
        return key
    return context if WHOLE.fullmatch(key) else key


def _members(name: str, members: Sequence[tuple[str, Any]]) -> tuple[dict[str, Any], Kind]:
    value: dict[str, Any] = {}
    scopes: list[tuple[str, str]] = []
    for member, part in members:
        shown = member
        if member.startswith("\0"):
            scope, _, shown = member[1:].partition("\0")
            if not re.fullmatch(r"\*|" + CLASS, scope) or not re.fullmatch(r"\w+", shown):
                raise Unfit("is an object with a member whose name can't be")
            scopes.append((shown, scope))
        if shown in value:
            raise Unfit(
                f'is an object that holds the member "{shown}" twice, for a class and for the one that it extends'
            )
        value[shown] = part
    if MARK in value:
        raise Unfit(f'holds the key "{MARK}", by which outgrow marks objects')
    return value, Kind(name, tuple(sorted(scopes)))


def _is_usual(usual: Kind, kind: Kind, value: dict[str, Any]) -> bool:
    return usual == kind or (
        usual.name == kind.name and set(kind.scopes) == {scope for scope in usual.scopes if scope[0] in value}
    )


@lru_cache(1_000)
def _read_mark(text: str) -> Kind | None:
    match = MARKED.fullmatch(text)
    if match is None:
        return None
    scopes = [part.split(" ") for part in (match.group(2) or "").split(", ") if part]
    if any(len(scope) != 2 for scope in scopes):
        return None
    return Kind(match.group(1), tuple((member, scope) for scope, member in scopes))


def _scoped(kind: Kind, members: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    """Members with the names that PHP has for them within."""
    if not kind.scopes:
        return members
    scopes = dict(kind.scopes)
    return [(f"\0{scopes[name]}\0{name}" if name in scopes else name, value) for name, value in members]


def show_name(name: str) -> str:
    """The name of an object's member without its scope."""
    return name.rpartition("\0")[2] if name.startswith("\0") else name


def hide_names(names: Sequence[str], scopes: str) -> list[str]:
    """The way back from `show_name`; `scopes` are written as in a mark."""
    known = _read_mark(f"x({scopes})") if scopes else None
    by_name = dict(known.scopes) if known is not None else {}
    return [f"\0{by_name[name]}\0{name}" if name in by_name else name for name in names]


def section_context(kind: str) -> str | None:
    """The context of a section's elements: none among records, the key among the members of one."""
    return "" if kind == "record" else None


def make_array(keys: list[str], values: list[Any]) -> tuple[Any, list[str]]:
    """A PHP array as a list, where its keys just count, else as a dict; and the keys that came twice."""
    count = len(keys)
    if not count:
        return [], []
    if keys[0] == "0" and keys[-1] == str(count - 1) and keys == counting(0, count):
        return values, []
    value = dict(zip(keys, values, strict=True))
    if len(value) == count:
        return value, []
    return value, [key for key, times in Counter(keys).items() if times > 1]


def counting(first: int, count: int) -> list[str]:
    """Keys that count, from one on."""
    if first == 0 and count <= len(SMALL):
        return SMALL[:count]
    return list(map(str, range(first, first + count)))


SMALL = [str(number) for number in range(1_000)]


def is_index(key: str) -> bool:
    """Whether PHP takes a key for a whole number."""
    return WHOLE.fullmatch(key) is not None and -(1 << 63) <= int(key) < 1 << 63


def read_float(text: str, precision: int, suffix: str = "") -> Any:
    """A float's value; as a literal where it isn't written as PHP would. `suffix` is that of whole ones."""
    if text in ("NAN", "INF", "-INF"):
        return {"NAN": None, "INF": INFINITE, "-INF": MINUS_INFINITE}[text]
    value = float(text)
    if precision != 17 and repr(value) == text and 1e-4 <= abs(value) < 1e15 and text[-2:] != ".0":
        return value  # as most are written
    if write_float(value, precision, suffix) == text:
        return value
    if isinf(value) or not JSON_NUMBER.fullmatch(text):
        return _finite(value)
    return Number(text) if re.search("[.eE]", text) else Number(f"{text}.0")


def _finite(value: float) -> Any:
    return value if not isinf(value) else INFINITE if value > 0 else MINUS_INFINITE


def write_number(number: Number, suffix: str = "") -> str:
    """A literal; what is beyond a float is infinite for PHP too."""
    value = float(number) if len(number) < 400 or not number.lstrip("-").isdecimal() else float("inf")
    return write_float(value, 0, suffix) if isinf(value) else str(number)


def write_float(value: float, precision: int, suffix: str = "") -> str:
    """A float as PHP writes it, with the fewest digits that say it, or 17; `suffix` is that of whole ones."""
    if isnan(value):
        return "NAN"
    if isinf(value):
        return "INF" if value > 0 else "-INF"
    if value == 0:
        return ("-0" if copysign(1, value) < 0 else "0") + suffix
    text = repr(value) if precision != 17 else ""
    if text and "e" not in text and 1e-4 <= abs(value) < 1e15:
        return text[:-2] + suffix if text.endswith(".0") else text
    mantissa, _, exponent = (f"{value:.16e}" if precision == 17 else f"{_digits(text)}").partition("e")
    digits, point = mantissa.lstrip("-").replace(".", "").rstrip("0") or "0", int(exponent) + 1
    sign = "-" if value < 0 else ""
    if point < -3 or point > 17:
        return f"{sign}{digits[0]}.{digits[1:] or '0'}E{point - 1:+d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    whole, fraction = digits[:point].ljust(point, "0"), digits[point:]
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}{suffix}"


def has_long_floats(texts: Iterable[bytes], suffix: str) -> bool:
    """Whether floats are written with 17 digits rather than with the fewest."""
    for text in texts:
        value, written = float(text), text.decode()
        if not isinf(value) and write_float(value, 17, suffix) == written != write_float(value, 0, suffix):
            return True
    return False


def _digits(text: str) -> str:
    """A float's shortest digits in the form `d.ddde±dd`."""
    if "e" in text:
        return text
    sign, number = ("-", text[1:]) if text[0] == "-" else ("", text)
    whole, _, fraction = number.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) if whole != "0" else -(len(fraction) - len(fraction.lstrip("0")))
    return f"{sign}{digits[0]}.{digits[1:] or '0'}e{point - 1}"
