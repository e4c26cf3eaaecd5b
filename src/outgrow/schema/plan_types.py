"""Column types as a plan writes them: `string(80)`, `decimal(10,2)`."""

from __future__ import annotations

import re

from outgrow.schema.model import ColumnType, TypeName

TYPE = re.compile(r"\s*([a-z]+)\s*(?:\(\s*([0-9]{1,9})\s*(?:,\s*([0-9]{1,9})\s*)?\))?\s*")
OTHER_NAMES = {
    "int": "integer", "bigint": "integer(64)", "str": "string(255)", "varchar": "string", "char": "string",
    "bool": "boolean", "double": "float", "real": "float", "number": "float", "numeric": "decimal",
    "timestamp": "datetime", "blob": "binary", "bytes": "binary", "object": "json", "array": "json",
}  # fmt: skip
TYPE_FORMS = "integer, integer(64), float, decimal(P,S), boolean, string(N), text, date, datetime, time, json, binary"


def make_type(name: TypeName, numbers: tuple[int, ...]) -> ColumnType | None:
    """The type of a name and its numbers; None where they don't go together."""
    match name, numbers:
        case "string", (length,) if length > 0:
            return ColumnType(name, length=length)
        case "decimal", (precision, scale) if 0 < precision >= scale:
            return ColumnType(name, precision=precision, scale=scale)
        case "integer", (64,):
            return ColumnType(name, precision=64)
        case (("string" | "decimal"), _):
            return None
        case _, ():
            return ColumnType(name)
    return None
