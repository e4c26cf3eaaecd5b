"""The figures of `make bench`: time against sqlite-utils, and memory, in one run on one machine.

Writes users and posts as PHP's json_encode would, then converts them and inserts them in turn. What counts
are the ratios: machines differ, and the same machine differs from hour to hour.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

USERS = int(os.environ.get("BENCH_USERS", "200000"))
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
WORDS = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore".split()
BIN = Path(sys.executable).parent
MOST_TIME, MOST_MEMORY, MOST_GROWTH = 0.85, 250, 1.5


def write_data(folder: Path, users: int) -> Path:
    """Write `users` users and five times as many posts, each with up to three tags; always the same bytes."""
    chance = random.Random(7)
    folder.mkdir(parents=True)

    def moment() -> str:
        day = f"20{chance.randint(10, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        return f"{day} {chance.randint(0, 23):02}:{chance.randint(0, 59):02}:{chance.randint(0, 59):02}"

    def user(number: int) -> dict[str, Any]:
        return {
            "id": number,
            "username": f"user_{number}",
            "email": f"user{number}@example.com",
            "name": chance.choice(["Ann", "Zoë", "Łukasz", "Olena"]) + " Doe",
            "created_at": moment(),
            "is_active": chance.random() < 0.9,
            "score": round(chance.random() * 100, 2),
        }

    def post(number: int) -> dict[str, Any]:
        return {
            "id": number,
            "user_id": chance.randint(1, users),
            "title": " ".join(chance.choices(WORDS, k=5)),
            "content": " ".join(chance.choices(WORDS, k=30)),
            "created_at": moment(),
            "views": chance.randint(0, 100_000),
            "tags": chance.sample(WORDS, chance.randint(0, 3)),
        }

    for name, make, count in (("users", user, users), ("posts", post, 5 * users)):
        _write_list(folder / f"{name}.json", (make(number) for number in range(1, count + 1)))
    return folder


def _write_list(file: Path, records: Iterator[dict[str, Any]]) -> None:
    with file.open("w", encoding="ascii") as stream:
        for number, record in enumerate(records):
            text = json.dumps(record, separators=(",", ":")).replace("/", "\\/")
            stream.write(("," if number else "[") + text)
        stream.write("]")


def timed(words: list[str]) -> float:
    """Run a command and return its seconds; a failure ends the bench."""
    started = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def peak_memory(words: list[str]) -> float:
    """Run a command and return the peak of its process tree's proportional set size, in MB (Linux)."""
    peak = 0
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(_pss, _tree(process.pid))))
            time.sleep(0.05)
    return peak / 1024


def _tree(process: int) -> list[int]:
    found = [process]
    for task in Path(f"/proc/{process}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        found += [inner for child in children for inner in _tree(int(child))]
    return found


def _pss(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def fresh(folder: Path, run: Callable[[Path], float]) -> float:
    """Run something that writes into a folder, and remove the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        return run(folder)
    finally:
        shutil.rmtree(folder)


def main() -> int:
    """Print the figures; 1 where a goal is missed."""
    with tempfile.TemporaryDirectory(prefix="outgrow-bench-") as name:
        scratch = Path(name)
        data = write_data(scratch / "all", USERS)
        tenth = write_data(scratch / "tenth", USERS // 10)
        size = sum(file.stat().st_size for file in data.iterdir()) / 1e6
        print(f"{USERS:,} users and {5 * USERS:,} posts, {size:.0f} MB", flush=True)

        def convert(folder: Path, source: Path = data) -> list[str]:
            return [str(BIN / "outgrow"), "convert", "--quiet", str(source), str(folder / "app")]

        def insert(folder: Path) -> float:
            tables = [
                [str(BIN / "sqlite-utils"), "insert", str(folder / "it.db"), table] for table in ("users", "posts")
            ]
            return sum(timed([*words, str(data / f"{words[-1]}.json"), "--pk", "id"]) for words in tables)

        ratios = []
        for _ in range(RUNS):
            ours = fresh(scratch / "out", lambda folder: timed(convert(folder)))
            theirs = fresh(scratch / "out", insert)
            ratios.append(ours / theirs)
            print(f"convert {ours:5.1f} s   sqlite-utils insert {theirs:5.1f} s   ratio {ratios[-1]:.2f}", flush=True)
        memory = fresh(scratch / "out", lambda folder: peak_memory(convert(folder)))
        small = fresh(scratch / "out", lambda folder: peak_memory(convert(folder, tenth)))
        ratio, growth = statistics.median(ratios), memory / small
        print(f"median ratio {ratio:.2f} (at most {MOST_TIME})")
        print(f"peak memory {memory:.0f} MB (at most {MOST_MEMORY})")
        print(f"that is {growth:.2f} times the peak for a tenth of the data (at most {MOST_GROWTH})")
        return int(ratio > MOST_TIME or memory > MOST_MEMORY or growth > MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
