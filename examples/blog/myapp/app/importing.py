"""Brings the records of a file into a table: checked, and by their keys, so it can be repeated."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.database import Model, columns, db, public_columns, unit_of_work
from app.passwords import adopt
from app.problems import Problem
from app.refusals import unique_groups
from app.rows import blank, store
from app.values import Invalid, Malformed, from_texts, from_value

AT_ONCE = 500


@dataclass
class Result:
    """What an import did; each reject has its origin, the reason, and its fields without secrets."""

    created: int = 0
    replaced: int = 0
    rejects: list[dict[str, Any]] = field(default_factory=list)


def import_file(model: type[Model], file: Path) -> Result:
    """Store the records of a file; some hundreds at a time, so that what was done stays done."""
    result = Result()
    records = read_records(model, file)
    while batch := list(islice(records, AT_ONCE)):
        done = store_batch(model, batch)
        result.created += done.created
        result.replaced += done.replaced
        result.rejects += done.rejects
    return result


@unit_of_work()
def store_batch(model: type[Model], batch: list[tuple[str, Any]]) -> Result:
    """Store some records in one transaction; one that is refused leaves the others."""
    done = Result()
    for origin, record in batch:
        try:
            values = read_record(model, record)
            is_new = store_record(model, values)
            done.created += is_new
            done.replaced += not is_new
        except Problem as error:
            errors = error.more.get("errors", {})
            reason = "; ".join(f"{name}: {why}" for name, why in errors.items())
            done.rejects.append(reject(model, origin, record, reason or str(error.description)))
        except (Invalid, Malformed) as error:
            done.rejects.append(reject(model, origin, record, str(error)))
    return done


def read_record(model: type[Model], record: Any) -> dict[str, Any]:
    """Return a record's values; those of CSV are texts, those of JSON have types."""
    if isinstance(record, Exception):
        raise Malformed(str(record))
    if isinstance(record, Texts):
        return from_texts(model, record, whole=True, keep=adopt)
    return from_value(model, record, keep=adopt)


def store_record(model: type[Model], values: dict[str, Any]) -> bool:
    """Store a record in the row that has its key, or the value of a unique field, or in a new one."""
    row = find(model, values)
    if row is None:
        store(model(), values)
        return True
    store(row, blank(model) | values)
    return False


def find(model: type[Model], values: dict[str, Any]) -> Model | None:
    """Return the row that a record is about: the first that shares a key or a unique value."""
    names = {column: name for name, column in columns(model).items()}
    for group in unique_groups(model):
        given = [values.get(names[column]) for column in group]
        if None not in given:
            same = [column == value for column, value in zip(group, given, strict=True)]
            if (row := db.session.scalar(select(model).where(*same))) is not None:
                return row
    return None


class Texts(dict[str, str]):
    """A record whose values are texts: a line of CSV."""


def read_records(model: type[Model], file: Path) -> Iterator[tuple[str, Any]]:
    """Yield the records of a file, each with its origin."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        if file.suffix.lower() in (".csv", ".tsv"):
            head = stream.readline()
            stream.seek(0)
            reader = csv.DictReader(stream, delimiter=max(",;\t", key=head.count))
            for row in reader:
                is_whole = None not in row and None not in row.values()
                count = f"Not as many values as the {len(reader.fieldnames or ())} columns"
                yield f"{file.name}:{reader.line_num}", Texts(row) if is_whole else ValueError(count)
        elif file.suffix.lower() in (".jsonl", ".ndjson"):
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield f"{file.name}:{number}", parse(line)
        else:
            for number, record in enumerate(records_in(model, parse(stream.read()))):
                yield f"{file.name}#{number}", record


def parse(text: str) -> Any:
    """Return the value of a JSON text, or the error, which is no record either."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        return ValueError(f"Not JSON: {error}")


def records_in(model: type[Model], value: Any) -> list[Any]:
    """Return the records of a document: a list, `{"users": [...]}`, or one record."""
    if isinstance(value, dict) and isinstance(value.get(model.__tablename__), list):
        return list(value[model.__tablename__])
    return value if isinstance(value, list) else [value]


def reject(model: type[Model], origin: str, record: Any, reason: str) -> dict[str, Any]:
    """Return a record that was set aside."""
    shown = public_columns(model)
    fields = {k: v for k, v in record.items() if k in shown} if isinstance(record, dict) else None
    return {"origin": origin, "reason": reason, "record": fields}
