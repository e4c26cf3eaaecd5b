"""Maps in TOML: tomllib reads them; moments and odd numbers stay the texts that they are written as."""

from __future__ import annotations

import datetime
import re
import tomllib
from typing import Any

from outgrow.record import Number
from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.json_text import ExactDecoder, dump_compact
from outgrow.source.syntax.one_record import Parsed
from outgrow.source.syntax.yaml_scalars import ESCAPES

MOST_DEPTH = 100
PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")
JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[-+]\d\d:\d\d)?)?|\d\d:\d\d:\d\d(?:\.\d+)?"
)
BARE = re.compile(r"[A-Za-z0-9_-]+")
CONTROL = re.compile(r'["\\\x00-\x1f\x7f]')
LINE = re.compile(
    r"^([ \t]*)(?:\[{1,2}[ \t]*([A-Za-z0-9_.\-]+)[ \t]*\]{1,2}|([A-Za-z0-9_-]+)([ \t]*=[ \t]*)(.*?))[ \t]*(?:#.*)?$",
    re.MULTILINE,
)
"""A line that names a table, or gives a bare key a value; enough to see how moments and texts are written."""


def parse_facts(raw: bytes) -> Parsed:
    """The map that a text is. Raises Broken."""
    try:
        text = raw.decode().replace("\r\n", "\n")
        found = tomllib.loads(text, parse_float=_read_float)
    except UnicodeDecodeError as error:
        raise Broken("is not UTF-8", error.start) from None
    except RecursionError:
        raise Broken(f"is nested too deeply: more than {MOST_DEPTH} levels", 0) from None
    except tomllib.TOMLDecodeError as error:
        raise Broken(f"is no TOML: {PLACE.sub('', str(error)).strip()}", _place(str(error), raw)) from None
    literals, options = _scan(text)
    record = {key: _plain(value, f"/{key}", literals, 0) for key, value in found.items()}
    return Parsed(record, Style(indent="  ", options=options))


def _read_float(text: str) -> Any:
    return ExactDecoder().decode(text.encode()) if JSON_NUMBER.fullmatch(text) else text


def _place(message: str, raw: bytes) -> int:
    match = PLACE.search(message)
    if match is None or match[1] is None:
        return len(raw)
    lines = raw.split(b"\n")
    return sum(len(line) + 1 for line in lines[: int(match[1]) - 1]) + int(match[2]) - 1


def _plain(value: Any, path: str, literals: dict[str, list[str]], depth: int) -> Any:
    """A value without moments, which become the text that they were written as."""
    if depth > MOST_DEPTH:
        raise Broken(f"is nested too deeply: more than {MOST_DEPTH} levels", 0)
    if isinstance(value, dict):
        return {key: _plain(inner, f"{path}/{key}", literals, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, path, literals, depth + 1) for inner in value]
    if isinstance(value, datetime.date | datetime.time):
        ours = value.isoformat().replace("+00:00", "Z")
        return next((text for text in literals.get(path, []) if _is_moment(text, value)), ours)
    return value


def _is_moment(text: str, value: Any) -> bool:
    """Whether a literal is how a moment was written."""
    return MOMENT.fullmatch(text) is not None and tomllib.loads(f"a = {text}")["a"] == value


def _scan(text: str) -> tuple[dict[str, list[str]], tuple[tuple[str, str], ...]]:
    """By path the literals of values, and the habits: indentation, blank lines, what stands in other quotes or none."""
    literals: dict[str, list[str]] = {}
    options: dict[str, str] = {}
    table = ""
    for match in LINE.finditer(text):
        if match[2] is not None:
            table = "/" + match[2].replace(".", "/")
            options[f"[{table}"] = match[1]
            if match.start() > 1 and text[match.start() - 2] != "\n":
                options["tight"] = "1"
            continue
        path, literal = f"{table}/{match[3]}", match[5]
        literals.setdefault(path, []).append(literal)
        if match[4] != " = ":
            options.setdefault("equals", match[4])
        if match[1]:
            options[f"<{table}"] = match[1]
        if literal.startswith("'") or MOMENT.fullmatch(literal):
            options[f"={path}"] = "'" if literal.startswith("'") else "p"
    return literals, tuple(options.items())


def write_facts(record: dict[str, Any], style: Style) -> str:
    """The map's lines: plain values first, then tables."""
    return "\n".join(_write_table(record, style, "")).replace("\n", style.newline)


def _write_table(values: dict[str, Any], style: Style, path: str) -> list[str]:
    equals, indent = style.option("equals", " = "), style.option(f"<{path}")
    lines, tables = [], []
    for key, value in values.items():
        if value is None:
            continue  # TOML has no null
        if isinstance(value, dict) or (isinstance(value, list) and value and all(isinstance(v, dict) for v in value)):
            tables.append((key, value))
        else:
            lines.append(f"{indent}{_key(key)}{equals}{_value(value, style, f'={path}/{key}')}")
    for key, value in tables:
        inner = f"{path}/{key}"
        name, before = ".".join(map(_key, inner[1:].split("/"))), style.option(f"[{inner}")
        for table in [value] if isinstance(value, dict) else value:
            within = _write_table(table, style, inner)
            if within and within[0].lstrip().startswith("[") and f"[{inner}" not in dict(style.options):
                lines += within  # a table that holds but tables needs no line of its own
                continue
            blank = [""] if lines and not style.option("tight") else []
            lines += [*blank, before + (f"[{name}]" if isinstance(value, dict) else f"[[{name}]]"), *within]
    return lines


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _quoted(name)


def _value(value: Any, style: Style, path: str = "") -> str:
    if isinstance(value, str) and not isinstance(value, Number):
        mark = style.option(path) if path else ""
        if mark == "p" and MOMENT.fullmatch(value):
            return value
        if mark == "'" and "'" not in value and not CONTROL.search(value.replace('"', "").replace("\\", "")):
            return f"'{value}'"
        return _quoted(value)
    if isinstance(value, list):
        return "[" + ", ".join(_value(inner, style) for inner in value if inner is not None) + "]"
    if isinstance(value, dict):
        pairs = [f"{_key(key)} = {_value(inner, style)}" for key, inner in value.items() if inner is not None]
        return "{ " + ", ".join(pairs) + " }" if pairs else "{}"
    if isinstance(value, bool):
        return str(value).lower()
    return dump_compact(value)


def _quoted(text: str) -> str:
    inner = CONTROL.sub(lambda match: _escape(match[0]), text)
    return f'"{inner}"'


def _escape(character: str) -> str:
    short = ESCAPES.get(character)
    return short if short and character not in "\0\x1b" else f"\\u{ord(character):04X}"
