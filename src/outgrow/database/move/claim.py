"""The mark on a database that a move is filling, and how such a database is made empty again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Column, Connection, Engine, MetaData, Table, Text, insert, inspect, select

from outgrow.database.engine import begin, execute, named_lock
from outgrow.database.migrate import STEPS_TABLE, VERSION_TABLE
from outgrow.database.move.catalog import CLAIM, other_objects

APP_LOCK = 7_041_776
"""The number by which an app's own upgrades wait for each other (`migrations/env.py` in the template)."""

TABLE = Table(CLAIM, MetaData(), Column("facts", Text, nullable=False))
HALF_MADE = "_alembic_tmp_"


@dataclass(frozen=True)
class Claim:
    """Whose move fills a database, a random word to know it by, and what else than tables was there before."""

    app: str
    token: str
    views: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


def claim(engine: Engine, app: str, token: str) -> Claim:
    """Mark an empty database."""
    with begin(engine) as connection:
        objects = other_objects(connection)
        made = Claim(app, token, tuple(objects["views"]), tuple(objects["types"]))
        TABLE.create(connection)
        connection.execute(insert(TABLE).values(facts=json.dumps(asdict(made))))
    return made


def read_claim(connection: Connection) -> Claim | None:
    """The mark on a database, if there is one."""
    if not inspect(connection).has_table(CLAIM):
        return None
    facts = connection.scalar(select(TABLE.c.facts))
    if facts is None:  # killed between the table and its row, which some databases commit one by one
        return Claim("", "")
    known = json.loads(facts)
    return Claim(known["app"], known["token"], tuple(known["views"]), tuple(known["types"]))


def strangers(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Those tables that a move of these known ones can't have made."""
    own = {*known, VERSION_TABLE, CLAIM, STEPS_TABLE}
    return sorted(name for name in names if name not in own and not name.startswith(HALF_MADE))


def release(connection: Connection) -> None:
    """Take the mark away, if it is there."""
    TABLE.drop(connection, checkfirst=True)


def clear(engine: Engine, made: Claim) -> None:
    """Drop all that a move has made, the mark last; the engine is one that loads."""
    with begin(engine) as connection:
        _wait_for_upgrade(connection)
        quote = connection.dialect.identifier_preparer.quote_identifier
        cascade = " CASCADE" if engine.name == "postgresql" else ""
        objects = other_objects(connection)
        for name in objects["views"]:
            if name not in made.views:
                execute(connection, f"DROP VIEW {quote(name)}{cascade}")
        names = [name for name in inspect(connection).get_table_names() if name != CLAIM]
        for name in names:
            execute(connection, f"DROP TABLE {quote(name)}{cascade}")
        for name in objects["types"]:
            if name not in made.types:
                execute(connection, f"DROP TYPE {quote(name)}")
        TABLE.drop(connection, checkfirst=True)


def _wait_for_upgrade(connection: Connection) -> None:
    """Wait for an upgrade that a killed move has left behind."""
    if connection.dialect.name == "postgresql":
        execute(connection, f"SELECT pg_advisory_xact_lock({APP_LOCK})")
    elif connection.dialect.name == "mysql":
        lock = named_lock(APP_LOCK)
        execute(connection, f"SELECT GET_LOCK({lock}, 60)")
        execute(connection, f"SELECT RELEASE_LOCK({lock})")
