"""Inference takes a time that grows with the columns, not with their square."""

from __future__ import annotations

import resource
from functools import cache
from random import Random

from made_profiles import profile

from outgrow.schema.infer import infer_plan

TABLES = 180
ROWS = 60
MOST_SECONDS = 20
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()


def word(number: int) -> str:
    """A word of its own for each number, so that no name says anything of another by chance."""
    return "".join(SYLLABLES[number // 20**place % 20] for place in range(3))


def records(table: int, columns: int) -> list[dict[str, object]]:
    """Records with an id, and of each four columns one that refers, one that counts, and two texts."""
    pick = Random(table)
    makers = {}
    for place in range(columns):
        other = pick.randrange(TABLES)
        makers |= {
            f"{word(other)}_id": lambda: pick.randint(1, ROWS),
            f"{word(place)}_count": lambda: pick.randint(0, 500),
            f"{word(place + 40)}_name": lambda: f"{word(pick.randrange(8000))} {word(pick.randrange(8000))}",
            f"{word(place + 80)}_state": lambda: pick.choice(SYLLABLES),
        }
    fields = list(makers)[:columns]
    return [{"id": number, **{name: makers[name]() for name in fields}} for number in range(1, ROWS + 1)]


@cache
def seconds(columns: int) -> float:
    """The processor's time for the plan of 180 tables with so many columns each."""
    profiles = [profile(f"{word(table)}s", records(table, columns)) for table in range(TABLES)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    plan = infer_plan(profiles).plan
    assert len(plan.tables) == TABLES
    assert sum(len(table.references) for table in plan) > TABLES / 2
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime - before


def test_a_hundred_and_eighty_tables_take_seconds() -> None:
    assert seconds(8) < MOST_SECONDS


def test_four_times_the_columns_take_eight_times_the_time_at_most() -> None:
    assert seconds(32) <= 8 * seconds(8)
