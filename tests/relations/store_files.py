"""The files of a made store, and how the program that kept them would have written them.

A store's `make.py` gives a list of `File`s with plain values; what a style does to them (escapes, guard
lines, line ends, an empty object that becomes `[]`) is here, so that the stores show only what they hold.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GUARD = "<?php die(); ?>\n"


@dataclass(frozen=True)
class File:
    """A file's name and value, and the style it is written in: a key of `STYLES`."""

    name: str
    value: Any
    style: str


def php(name: str, value: Any) -> File:
    """What `file_put_contents($name, json_encode($value))` leaves."""
    return File(name, value, "php")


def php_pretty(name: str, value: Any) -> File:
    """The same with JSON_PRETTY_PRINT."""
    return File(name, value, "php pretty")


def php_guarded(name: str, value: Any) -> File:
    """JSON behind a line that keeps a web server from showing it."""
    return File(name, value, "php guarded")


def node(name: str, value: Any) -> File:
    """What `JSON.stringify(value, null, 2)` leaves."""
    return File(name, value, "node")


def lines(name: str, value: list[dict[str, Any]]) -> File:
    """A record on each line, appended one by one."""
    return File(name, value, "lines")


def comma(name: str, value: list[dict[str, Any]]) -> File:
    """What `fputcsv` leaves, with a line of names."""
    return File(name, value, "comma")


def semicolon(name: str, value: list[dict[str, Any]]) -> File:
    """What a spreadsheet saves as CSV in most of Europe."""
    return File(name, value, "semicolon")


def each(folder: str, value: dict[str, Any], style: str = "node") -> list[File]:
    """A file for each record, called like its key."""
    return [File(f"{folder}/{key}.json", record, style) for key, record in value.items()]


def write(files: Sequence[File], folder: Path) -> None:
    """Write all files into the folder."""
    for file in files:
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(STYLES[file.style](file.value).encode())


def _php(value: Any) -> str:
    return json.dumps(_as_php(value), separators=(",", ":")).replace("/", "\\/")


def _php_pretty(value: Any) -> str:
    return json.dumps(_as_php(value), indent=4).replace("/", "\\/")


def _node(value: Any) -> str:
    return json.dumps(_whole(value), indent=2, ensure_ascii=False)


def _lines(value: Sequence[Any]) -> str:
    return "".join(json.dumps(_whole(each), separators=(",", ":"), ensure_ascii=False) + "\n" for each in value)


def _table(value: Sequence[Mapping[str, Any]], delimiter: str) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    names = list(dict.fromkeys(name for record in value for name in record))
    writer.writerow(names)
    for record in value:
        writer.writerow(["" if record.get(name) is None else record[name] for name in names])
    return stream.getvalue()


def _whole(value: Any) -> Any:
    """Numbers as PHP and JavaScript write them: 10.0 is 10."""
    if isinstance(value, dict):
        return {key: _whole(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _as_php(value: Any) -> Any:
    """An array of PHP has no memory of having been a map once it is empty."""
    if isinstance(value, dict):
        return {key: _as_php(each) for key, each in value.items()} or []
    if isinstance(value, list):
        return [_as_php(each) for each in value]
    return _whole(value)


STYLES = {
    "php": _php,
    "php pretty": _php_pretty,
    "php guarded": lambda value: GUARD + _php(value),
    "node": _node,
    "lines": _lines,
    "python": json.dumps,
    "python lines": lambda value: "".join(json.dumps(each) + "\n" for each in value),
    "comma": lambda value: _table(value, ","),
    "semicolon": lambda value: _table(value, ";"),
}
