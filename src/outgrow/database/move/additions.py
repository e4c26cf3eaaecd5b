"""Makes in the target what its revisions haven't: tables and columns that somebody made in the source by hand.

Such things are made from the source's own description of them. What can't be said in another database's words (a check,
an index of an expression) is told, and left out; a column's values never are.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Double, MetaData, Table, inspect, text
from sqlalchemy import types as sql
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import DBAPIError, SAWarning
from sqlalchemy.schema import AddConstraint, CreateColumn, ForeignKeyConstraint, Index, UniqueConstraint

from outgrow.database.engine import execute, first_lines
from outgrow.database.move.catalog import TableFacts
from outgrow.errors import DatabaseError
from outgrow.record import Finding, Severity

SIMPLE_DEFAULT = re.compile(r"\(*('(?:[^'\\]|'')*'|[-+]?[0-9.]+|CURRENT_TIMESTAMP|TRUE|FALSE|NULL)\)*", re.IGNORECASE)
NOW = ("now()", "current_timestamp()", "CURRENT_TIMESTAMP")


class Additions:
    """Adds to the target what only the source has; `findings` tells of it."""

    def __init__(self, source: Connection, target: Connection) -> None:
        self.source, self.target = source, target
        self.is_same = source.dialect.name == target.dialect.name
        self.findings: list[Finding] = []
        self.there = MetaData()
        self.new = MetaData()

    def make(self, wanted: dict[str, TableFacts], there: dict[str, TableFacts]) -> None:
        """Make missing tables, then missing columns, then indexes and foreign keys."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)
            self.there.reflect(self.source, only=sorted(wanted), resolve_fks=False)
            self.new.reflect(self.target, only=sorted(wanted.keys() & there.keys()), resolve_fks=False)
        missing = sorted(wanted.keys() - there.keys())
        for name in missing:
            self._copy_table(self.there.tables[name])
        self.new.create_all(self.target, [self.new.tables[name] for name in missing])
        for name in missing:
            self._tell(f"the table {name} is in no revision of the app; it was made as it is in the database")
        for name in sorted(wanted.keys() & there.keys()):
            for column in wanted[name].columns.keys() - there[name].columns.keys():
                self._add_column(name, column)
        for name in sorted(wanted):
            self._add_keys(name)
            self._add_indexes(name)

    def _tell(self, message: str, severity: Severity = "info") -> None:
        self.findings.append(Finding(severity, message))

    def _copy_table(self, old: Table) -> None:
        columns = [self._copy_column(column) for column in old.columns]
        table = Table(old.name, self.new, *columns, sqlite_autoincrement=_counts_on(self.source, old))
        for constraint in old.constraints:
            if isinstance(constraint, UniqueConstraint):
                names = [column.name for column in constraint.columns]
                table.append_constraint(UniqueConstraint(*names, name=constraint.name))
            elif type(constraint).__name__ == "CheckConstraint" and not _is_of_type(constraint):
                self._tell(f"a check of the table {old.name} isn't taken over", "warning")

    def _copy_column(self, old: Column[Any]) -> Column[Any]:
        type_, default = self._type(old), self._default(old)
        if old.computed is not None:
            self._tell(f"{old.table.name}.{old.name} was computed; now it is a column as others", "warning")
        is_counted = old is old.table.autoincrement_column
        return Column(
            old.name,
            type_,
            primary_key=old.primary_key,
            nullable=old.nullable,
            autoincrement="auto" if is_counted else False,
            server_default=None if default is None or is_counted else text(default),
        )

    def _type(self, old: Column[Any]) -> sql.TypeEngine[Any]:
        """The type of a column; one that refers to another column has that one's type."""
        if self.is_same:
            return old.type
        for key in old.foreign_keys:
            table, _, column = key.target_fullname.rpartition(".")
            if table in self.new.tables and column in self.new.tables[table].columns:
                return self.new.tables[table].columns[column].type
        try:
            type_ = old.type.as_generic(allow_nulltype=False)
        except NotImplementedError:
            type_ = sql.NullType()
        if isinstance(type_, sql.NullType):
            raise DatabaseError(
                f"{old.table.name}.{old.name} has a type that only {self.source.dialect.name} has: {old.type!r}",
                hint="Add the column to the app's models, and a revision that makes it: flask db migrate",
            )
        return _roomy(type_, self.source.dialect.name)

    def _default(self, old: Column[Any]) -> str | None:
        if old.server_default is None or old.computed is not None:
            return None
        written = str(getattr(old.server_default, "arg", "")).strip()
        plain = re.sub(r"::[\w ]+(\([0-9, ]*\))?$", "", written)
        if plain.lower() in map(str.lower, NOW):
            return "CURRENT_TIMESTAMP"
        if self.is_same or SIMPLE_DEFAULT.fullmatch(plain):
            return written if self.is_same else plain
        if not plain.startswith("nextval("):
            self._tell(f"the default of {old.table.name}.{old.name} isn't taken over", "warning")
        return None

    def _add_column(self, table: str, name: str) -> None:
        column = self._copy_column(self.there.tables[table].columns[name])
        self.new.tables[table].append_column(column)
        written = CreateColumn(column).compile(dialect=self.target.dialect)
        quote = self.target.dialect.identifier_preparer.quote_identifier
        execute(self.target, f"ALTER TABLE {quote(table)} ADD COLUMN {written}")
        self._tell(f"the column {table}.{name} is in no revision of the app; it was made as it is in the database")

    def _add_keys(self, name: str) -> None:
        """Add foreign keys that the target lacks; to an SQLite table that stands none can be added."""
        known = {_columns_of(key) for key in inspect(self.target).get_foreign_keys(name)}
        for key in inspect(self.source).get_foreign_keys(name):
            if _columns_of(key) in known:
                continue
            if self.target.dialect.name == "sqlite":
                self._tell(
                    f"the foreign key of {name} on {', '.join(key['constrained_columns'])} isn't taken over",
                    "warning",
                )
                continue
            referred = [f"{key['referred_table']}.{column}" for column in key["referred_columns"]]
            rules = {rule: key["options"][rule] for rule in ("ondelete", "onupdate") if rule in key["options"]}
            constraint = ForeignKeyConstraint(key["constrained_columns"], referred, name=key["name"], **rules)
            self.new.tables[name].append_constraint(constraint)
            self.target.execute(AddConstraint(constraint))

    def _add_indexes(self, name: str) -> None:
        known = set(_indexed(self.target, name))
        keys = [tuple(key["constrained_columns"]) for key in inspect(self.source).get_foreign_keys(name)]
        by_itself = keys if self.source.dialect.name == "mysql" else []  # which makes one for each foreign key
        for index in inspect(self.source).get_indexes(name):
            columns = tuple(index["column_names"])
            if (columns, bool(index["unique"])) in known or columns in by_itself or index.get("duplicates_constraint"):
                continue
            options = {
                key: value for key, value in index.get("dialect_options", {}).items() if value and "where" in key
            }
            if None in columns or options:
                self._tell(f"the index {index['name']} of {name} isn't taken over", "warning")
                continue
            table = self.new.tables[name]
            chosen = [table.columns[column] for column in columns if column is not None]
            self._add_index(Index(index["name"], *chosen, unique=bool(index["unique"]), _table=table))

    def _add_index(self, index: Index) -> None:
        try:
            # MariaDB and MySQL commit what changes a table by itself, and forget savepoints.
            with nullcontext() if self.target.dialect.name == "mysql" else self.target.begin_nested():
                index.create(self.target)
        except DBAPIError as error:
            if index.unique:
                raise
            said = first_lines(error.orig or error)
            self.findings.append(Finding("warning", f"the index {index.name} can't be made: {said}"))


def _counts_on(source: Connection, table: Table) -> bool:
    """Whether a table gives no number twice, as those of servers do, and SQLite's where that is said."""
    if source.dialect.name != "sqlite":
        return table.autoincrement_column is not None
    query = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    return "AUTOINCREMENT" in str(source.scalar(query, {"name": table.name})).upper()


def _is_of_type(constraint: Any) -> bool:
    """Whether a check only says what a type says: MariaDB's JSON, a boolean."""
    written = str(constraint.sqltext).lower()
    return "json_valid(" in written or re.search(r"\bin \(0, 1\)", written) is not None


def _columns_of(key: Any) -> tuple[Any, ...]:
    return tuple(key["constrained_columns"]), key["referred_table"], tuple(key["referred_columns"])


def _indexed(connection: Connection, table: str) -> Iterator[tuple[tuple[str | None, ...], bool]]:
    inspector = inspect(connection)
    for index in inspector.get_indexes(table):
        yield tuple(index["column_names"]), bool(index["unique"])
    for constraint in inspector.get_unique_constraints(table):
        yield tuple(constraint["column_names"]), True


def _roomy(type_: sql.TypeEngine[Any], source: str) -> sql.TypeEngine[Any]:
    """A type that holds on every database what the source's held."""
    if isinstance(type_, sql.Boolean):
        return type_
    if isinstance(type_, sql.Integer):
        is_big = source == "sqlite" or isinstance(type_, BigInteger)
        return BigInteger().with_variant(sql.Integer(), "sqlite") if is_big else type_  # which counts no BIGINT
    if isinstance(type_, sql.Float):
        return Double()
    if isinstance(type_, sql.DateTime):
        return type_.with_variant(mysql.DATETIME(fsp=6), "mysql")
    if isinstance(type_, sql.Time):
        return type_.with_variant(mysql.TIME(fsp=6), "mysql")
    if isinstance(type_, sql.LargeBinary):
        return type_.with_variant(mysql.LONGBLOB(), "mysql")
    if isinstance(type_, sql.Text) or (isinstance(type_, sql.String) and type_.length is None):
        return sql.Text().with_variant(mysql.LONGTEXT(), "mysql")
    return type_


def check_columns(wanted: dict[str, TableFacts], there: dict[str, TableFacts]) -> list[Finding]:
    """Tell of tables and columns that only the target has; raises DatabaseError where a column needs a value."""
    findings = [
        Finding("warning", f"the database lacks a table that the app's revisions make: {name}; the new one is empty")
        for name in sorted(there.keys() - wanted.keys())
    ]
    for name in sorted(wanted.keys() & there.keys()):
        for column in there[name].columns.keys() - wanted[name].columns.keys():
            facts = there[name].columns[column]
            if facts.is_required:
                raise DatabaseError(
                    f"the database lacks a column of the app's revisions, which needs a value: {name}.{column}",
                    hint="Let the database be what its revisions make, and run the command again.",
                )
            findings.append(
                Finding("warning", f"the database lacks a column that the app's revisions make: {name}.{column}")
            )
    return findings


def left_out(source: Mapping[str, Sequence[str]], target: Mapping[str, Sequence[str]]) -> list[Finding]:
    """Tell of views and triggers that only the source has."""
    return [
        Finding("warning", f"the {kind[:-1]} {name} isn't taken over; make it by a revision of the app")
        for kind in ("views", "triggers")
        for name in source[kind]
        if name not in target[kind]
    ]
