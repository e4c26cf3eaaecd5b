"""Column types and defaults as Python expressions."""

from __future__ import annotations

import datetime as dt
import json
import math
from decimal import Decimal
from typing import Any

from outgrow.errors import PlanError
from outgrow.render.escape import python_string
from outgrow.render.layout import Call, Keyword, Node, call, lay_out
from outgrow.render.names import Names
from outgrow.schema.model import Column, Table

_PYTHON = {
    "integer": "int",
    "float": "float",
    "boolean": "bool",
    "string": "str",
    "text": "str",
    "binary": "bytes",
}
_SQLALCHEMY_TYPES = {
    "integer": "Integer",
    "float": "Double",
    "boolean": "Boolean",
    "date": "Date",
    "string": "String",
    "json": "JSON",
}
_APP_TYPES = {"text": "LongText", "binary": "LongBinary", "time": "ExactTime"}
_MYSQL_TYPES = {
    "text": ("Text", "LONGTEXT()"),
    "binary": ("LargeBinary", "LONGBLOB()"),
    "time": ("Time", "TIME(fsp=6)"),
    "datetime": ("DateTime", "DATETIME(fsp=6)"),
}
_NOW = {
    "datetime": "utc_now",
    "date": "utc_today",
    "integer": "unix_now",
    "float": "unix_now",
    "string": "utc_text",
    "text": "utc_text",
}


def python_type(column: Column, names: Names) -> str:
    """Return the Python type of a column's values."""
    kind = column.type.name
    if kind in ("date", "datetime", "time"):
        return f"{names.datetime()}.{kind}"
    if kind == "decimal":
        return names("decimal", "Decimal")
    if kind == "json":
        return names("typing", "Any")
    return names.builtin(_PYTHON[kind])


def is_counted(table: Table, column: Column) -> bool:
    """Say whether the database counts the column up by itself."""
    refers = any(column.name in reference.columns for reference in table.references)
    return table.primary_key == (column.name,) and column.type.name == "integer" and not refers


def column_type(table: Table, column: Column, names: Names, *, model: bool) -> Node:
    """Return a column's SQLAlchemy type, for a model or for a revision.

    The two differ in spelling only: SQLAlchemy's own types are `String` here and `sa.String` there.
    """
    kind = column.type
    is_big = kind.name == "integer" and kind.precision == 64
    if not model and (spelled := _spell_out(table, column)) is not None:
        return spelled
    if is_big and is_counted(table, column):
        return names("app.types", "BigId")
    if kind.name in _APP_TYPES:
        return names("app.types", _APP_TYPES[kind.name])
    if kind.name == "decimal":
        sizes = [str(kind.precision), str(kind.scale)]
        return call(names("app.types", "ExactDecimal"), sizes)
    if kind.name == "datetime":
        return names("app.types", "UTCDateTime") + ("" if model else "()")
    name = "BigInteger" if is_big else _SQLALCHEMY_TYPES[kind.name]
    function = names("sqlalchemy", name) if model else f"sa.{name}"
    if kind.name == "string":
        return call(function, [str(kind.length)])
    if kind.name == "json":
        return call(function, ["none_as_null=True"])
    return function if model else function + "()"


def _spell_out(table: Table, column: Column) -> Node | None:
    """Return the type of a revision's column where the model has one of the app's own.

    A revision must say the same for ever, whatever becomes of the app's modules, so it imports none.
    """
    kind = column.type
    if kind.name == "integer" and kind.precision == 64 and is_counted(table, column):
        return _variant("sa.BigInteger()", ["sa.Integer()", '"sqlite"'])
    if kind.name == "decimal":
        numeric = call("sa.Numeric", [str(kind.precision), str(kind.scale)])
        return _variant(lay_out("", numeric)[0], ["sa.Text()", '"sqlite"'])
    if kind.name in _MYSQL_TYPES:
        general, special = _MYSQL_TYPES[kind.name]
        return _variant(f"sa.{general}()", [f"mysql.{special}", '"mysql"', '"mariadb"'])
    return None


def _variant(general: str, special: list[Node]) -> Node:
    return call(f"{general}.with_variant", special)


def is_implied(column: Column) -> bool:
    """Say whether SQLAlchemy finds the type by the annotation alone."""
    kind = column.type
    return kind.name in ("boolean", "date") or (kind.name == "integer" and kind.precision != 64)


def default(column: Column, names: Names) -> Node | None:
    """Return the value or function that fills the column of a new row."""
    text, kind = column.default, column.type.name
    if text is None:
        return None
    if text == "now":
        if kind not in _NOW:
            raise _no_default(column)
        return names("app.types", _NOW[kind])
    try:
        value = json.loads(text, parse_float=Decimal)
        return None if value is None else _literal(value, kind, names)
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        raise _no_default(column) from None


def _no_default(column: Column) -> PlanError:
    return PlanError(f"{column.name}: {column.type} can't have the default {column.default!s:.80}")


def _literal(value: Any, kind: str, names: Names) -> Node:
    if kind == "json":
        return _json(value)
    if kind == "boolean":
        return str(_expect(value, bool))
    if kind == "integer":
        return str(_expect(value, int))
    if kind == "float":
        return _float(value)
    if kind == "decimal":
        number = Decimal(str(_expect(value, str, int, Decimal)))
        return call(names("decimal", "Decimal"), [python_string(format(number, "f"))])
    text: str = _expect(value, str)
    if kind in ("string", "text"):
        return python_string(text)
    return _moment(text, kind, names)


def _expect(value: Any, *types: type) -> Any:
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        raise TypeError
    return value


def _float(value: Any) -> str:
    number = float(_expect(value, int, Decimal))
    if not math.isfinite(number):
        raise ValueError
    return repr(number)


def _moment(text: str, kind: str, names: Names) -> Node:
    classes: dict[str, Any] = {"date": dt.date, "datetime": dt.datetime, "time": dt.time}
    if kind not in classes:
        raise TypeError
    value = classes[kind].fromisoformat(text)
    if kind == "datetime" and value.tzinfo is not None:
        value = value.astimezone(dt.UTC).replace(tzinfo=None)
    fields = ["year", "month", "day"] if kind != "time" else []
    fields += ["hour", "minute", "second", "microsecond"] if kind != "date" else []
    numbers = [str(getattr(value, field)) for field in fields]
    return call(f"{names.datetime()}.{kind}", numbers)


def _json(value: Any) -> Node:
    if isinstance(value, dict | list):
        return Keyword("lambda", _json_literal(value), sign=": ")
    return _json_literal(value)


def _json_literal(value: Any) -> Node:
    if isinstance(value, dict):
        items = (Keyword(python_string(k), _json_literal(v), sign=": ") for k, v in value.items())
        return Call("{", tuple(items), "}")
    if isinstance(value, list):
        return Call("[", tuple(map(_json_literal, value)), "]")
    if isinstance(value, str):
        return python_string(value)
    return _float(value) if isinstance(value, Decimal) else str(value)
