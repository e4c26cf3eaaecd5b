"""What the module has: its headings, numbered items and code blocks, in order. Its text isn't repeated here."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

BLOCKS = Path(__file__).parent / "blocks"


@dataclass(frozen=True)
class Place:
    """A heading, how many items the numbered list or list of links below it has, and its code blocks."""

    level: int
    heading: str
    items: int = 0
    blocks: tuple[tuple[str, str], ...] = ()
    """The file of each block, and the start of its SHA-256."""


CONTENTS = (
    Place(1, "Module 2: Database Integration"),
    Place(2, "Table of Contents"),
    Place(2, "Introduction"),
    Place(2, "File-based Storage vs Database Comparison"),
    Place(3, "PHP File-based Approach", blocks=(("01_php_storage.php", "129fa6c5e6fa7fcc"),)),
    Place(3, "Flask SQLAlchemy Approach", blocks=(("02_flask_sqlalchemy.py", "0d707c89dd14eb1e"),)),
    Place(2, "Setting Up Database Integration"),
    Place(3, "1. Install Required Packages", blocks=(("03_install.sh", "45ca8aa2c043ce0f"),)),
    Place(3, "2. Configure Database", blocks=(("04_configure.py", "479a87217f0d5a6e"),)),
    Place(3, "3. Create Models", blocks=(("05_models.py", "59988ac46851f47e"),)),
    Place(2, "Database Operations"),
    Place(3, "Creating Records", blocks=(("06_creating.py", "fc979482ebe378ad"),)),
    Place(3, "Reading Records", blocks=(("07_reading.py", "c0052fe35d858f9c"),)),
    Place(3, "Updating Records", blocks=(("08_updating.py", "a338e730b31b2e9b"),)),
    Place(3, "Deleting Records", blocks=(("09_deleting.py", "9fec5346e68dc2d4"),)),
    Place(2, "Database Migrations with Alembic"),
    Place(3, "Initialize Migrations", blocks=(("10_init.sh", "500e7555ae26c8b8"),)),
    Place(3, "Create a Migration", blocks=(("11_migrate.sh", "0f7649f3e1c85a66"),)),
    Place(3, "Apply Migration", blocks=(("12_upgrade.sh", "edefbb19e9196664"),)),
    Place(3, "Rollback Migration", blocks=(("13_downgrade.sh", "1bbf3108ecffc127"),)),
    Place(2, "Connection Pooling", blocks=(("14_pooling.py", "cdc6f517024aa3e2"),)),
    Place(
        2,
        "Best Practices",
        3,
        (
            ("15_env_config.py", "c291247f9513e498"),
            ("16_model_methods.py", "d581402c08595b6b"),
            ("17_create_user.py", "5ab4eed73c8a786f"),
        ),
    ),
    Place(
        2,
        "Exercise: Converting File-based Storage to Database",
        2,
        (("18_exercise.json", "57177794e0f4cdb2"), ("19_exercise.py", "7275f038900dae49")),
    ),
    Place(2, "Common Pitfalls", 4),
    Place(2, "Next Steps", 5),
    Place(2, "Additional Resources", 4),
)


def block(name: str) -> str:
    """The text of a code block, letter for letter."""
    return (BLOCKS / name).read_text("utf-8")


def part(name: str, start: str, end: str = "") -> str:
    """The lines of a block from the one that begins with `start` to before the one that begins with `end`."""
    text = block(name)
    first = text.index(start)
    return text[first : text.index(end, first) if end else len(text)]


def fingerprint(text: str) -> str:
    """The start of a text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_places(text: str) -> list[tuple[int, str, int, tuple[str, ...]]]:
    """The headings of a Markdown text, each with the number of its items and the hashes of its blocks."""
    found: list[tuple[int, str, int, list[str]]] = []
    fenced: list[str] | None = None
    for line in text.splitlines(keepends=True):
        if line.startswith("```"):
            if fenced is None:
                fenced = []
            else:
                found[-1][3].append(fingerprint("".join(fenced)))
                fenced = None
        elif fenced is not None:
            fenced.append(line)
        elif heading := re.match(r"(#+) (.*)", line):
            found.append((len(heading[1]), heading[2].strip(), 0, []))
        elif re.match(r"\d+\. |- \[.*\]\(https?:", line):
            level, title, items, hashes = found[-1]
            found[-1] = (level, title, items + 1, hashes)
    return [(level, title, items, tuple(hashes)) for level, title, items, hashes in found]
