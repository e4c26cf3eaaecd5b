"""Fit the weights by which keys and references are guessed, and say how well they do on databases not fitted to.

usage: fit_relations.py DATA [--folds N] [--write]

DATA holds <set>/<database>/{data/<table>.csv, truth.json}; the made stores and databases of tests/relations are
further sets. All candidates of a column (or a table's key), and that it is none of them, are exclusive, so what is
fitted is a conditional logit: Newton's method, a quadratic penalty on how far each weight is from the one that was
reasoned, which is 0 for most. A database is either fitted to or judged by, never both: its tables are too much alike.
All are fitted to as they are and with their columns shuffled, so that little rests on places that an export may have
changed, and without any names; stores also with some references that lead nowhere. A made database counts half,
for few authors made them all. `--write` puts the weights into src/outgrow/schema/weights.py.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "relations"))

import derived
import samples
import scoring

from outgrow.schema import relations, weights
from outgrow.schema.collection_profile import CollectionProfile
from outgrow.schema.draft import Draft
from outgrow.schema.infer import choose_keys, shape_tables
from outgrow.schema.key_evidence import find_key_candidates
from outgrow.schema.keys import is_of_people
from outgrow.schema.model import Column
from outgrow.source.folder import scan
from outgrow.transfer.survey import survey

WEIGHTS = Path(weights.__file__)
PENALTY = {"reference": 2.0, "key": 1.0}
PASSES = 2
MOST_WITHOUT_NAMES = 20_000
COUNTS = {"made": 0.5}
NUMBER = frozenset({"<number>"})
STEPS = 40
Features = dict[str, float]
Ends = tuple[str, str]


@dataclass
class Choice:
    """Candidates of which one at most is right: `right` is its place, None where it is none of them."""

    database: str
    what: str
    names: list[str]
    candidates: list[Features]
    right: int | None
    missing: bool = False

    @property
    def counts(self) -> float:
        """How much it counts beside others."""
        return COUNTS.get(self.database.partition("/")[0], 1.0)


@dataclass
class Database:
    """A database's profiles and what is true of it: columns that refer, and the columns of keys.

    `keys` are of each table all that would be right. `optional` are columns of which it doesn't matter whether they
    refer. `changed` says that it is another one with its columns shuffled or some values changed.
    """

    name: str
    profiles: list[CollectionProfile]
    references: dict[Ends, Ends]
    joint: set[Ends]
    keys: dict[str, list[frozenset[str]]]
    optional: set[Ends] = field(default_factory=set)
    truth: samples.Truth | None = None
    changed: bool = False

    @property
    def rows(self) -> int:
        """How many records all tables have."""
        return sum(profile.records for profile in self.profiles)

    def names(self, drafts: Sequence[Draft]) -> dict[str, str]:
        """What tables are called in the truth."""
        if self.truth is not None:
            return {a: b.lower() for a, b in scoring.table_names([draft.table for draft in drafts], self.truth).items()}
        return {draft.name: Path(draft.collection.source).stem.lower() for draft in drafts}


def read_databases(data: Path) -> list[Database]:
    """Profile all databases of all sets."""
    found = []
    for truth in sorted((*samples.DATABASES.glob("*/truth.json"), *data.glob("*/*/truth.json"))):
        found.append(make_database(truth, _profile(truth.parent / "data")))
        with tempfile.TemporaryDirectory() as folder:
            _shuffle(truth.parent / "data", Path(folder))
            found.append(replace(make_database(truth, _profile(Path(folder))), changed=True))
        if found[-1].rows <= MOST_WITHOUT_NAMES:
            dark = derived.dark(samples.database(truth.parent))
            found.append(replace(make_store(dark), name=found[-1].name, changed=True))
    for store in samples.stores():
        found.append(make_store(store))
        versions = (derived.shuffled, derived.dirty, derived.dark)
        found += [replace(make_store(version(store)), changed=True) for version in versions]
    return found


def _profile(folder: Path) -> list[CollectionProfile]:
    return survey(scan(folder, salvage=False), salvage=False, progress=lambda _what, _done: None).profiles


def _shuffle(data: Path, folder: Path) -> None:
    """Write all tables with their columns in another order, always the same."""
    for file in sorted(data.glob("*.csv")):
        with file.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.reader(stream))
        order = list(range(len(rows[0])))
        random.Random(file.name).shuffle(order)
        with (folder / file.name).open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([row[place] for place in order] for row in rows)


def make_database(file: Path, profiles: list[CollectionProfile]) -> Database:
    """A database with its truth; names are compared in lower case, as servers do."""
    tables: dict[str, Any] = json.loads(file.read_text("utf-8"))["tables"]
    references, joint, keys = {}, set(), {}
    for table, said in tables.items():
        if said["primary_key"] and said["rows"]:
            keys[table.lower()] = [frozenset(name.lower() for name in said["primary_key"])]
        for key in said["foreign_keys"]:
            ends = zip(key["columns"], key["references"], strict=True)
            for mine, theirs in ends:
                if len(key["columns"]) > 1:
                    joint.add((table.lower(), mine.lower()))
                else:
                    references[table.lower(), mine.lower()] = (key["table"].lower(), theirs.lower())
    group = "made" if file.is_relative_to(samples.DATABASES) else file.parent.parent.name
    return Database(f"{group}/{file.parent.name}", profiles, references, joint, keys)


def make_store(sample: samples.Sample) -> Database:
    """A made store with its truth."""
    with tempfile.TemporaryDirectory() as folder:
        sample.write(Path(folder))
        profiles = _profile(Path(folder))
    links = [[part.lower() for part in link] for link in scoring.true_links(sample.tables, optional=False)]
    allowed = [[part.lower() for part in link] for link in scoring.true_links(sample.tables, optional=True)]
    references = {(link[0], link[1]): (link[2], link[3]) for link in links}
    optional = {(link[0], link[1]) for link in allowed} - set(references)
    keys = {
        name.lower(): [
            frozenset(column.lower() for column in key)
            for key in (table["primary_key"], *table.get("also_primary_key", ()))
        ]
        for name, table in sample.tables.items()
        if table.get("primary_key")
    }
    return Database(f"stores/{sample.name}", profiles, references, set(), keys, optional, sample.tables)


def reference_choices(database: Database) -> list[Choice]:
    """What each column may refer to, and does."""
    drafts = shape_tables(database.profiles)
    _, found, _ = choose_keys(drafts)
    stems = database.names(drafts)
    choices, seen = [], set()
    for each in found.weighed:
        mine = (stems[each.site.table], _field(each.site.column))
        seen.add(mine)
        truth = database.references.get(mine)
        if (mine in database.joint and truth is None) or mine in database.optional:
            continue
        ends = [(stems[fit.target.table], _field(fit.target.column)) for fit in each.fits]
        names = [f"{fit.target.table}.{fit.target.name}" for fit in each.fits]
        right = ends.index(truth) if truth in ends else None
        what = f"{each.site.table}.{each.site.name}"
        missing = truth is not None and right is None
        choices.append(Choice(database.name, what, names, [dict(f.features) for f in each.fits], right, missing))
    lost = sorted(set(database.references) - seen)
    return [*choices, *(Choice(database.name, ".".join(mine), [], [], None, missing=True) for mine in lost)]


def key_choices(database: Database) -> list[Choice]:
    """What could be the key of each table that has no given one, and is."""
    drafts = shape_tables(database.profiles)
    _, _, links = choose_keys(drafts)
    stems = database.names(drafts)
    choices = []
    for draft in drafts:
        truths = database.keys.get(stems[draft.name])
        if draft.name not in links or truths is None:
            continue
        candidates = [each for each in find_key_candidates(draft, links[draft.name]) if not is_of_people(each.columns)]
        sets = [frozenset(_field(draft.table.by_name[name]) for name in each.columns) for each in candidates]
        right = next((sets.index(truth) for truth in truths if truth in sets), None)
        names = ["+".join(each.columns) for each in candidates]
        features = [dict(each.features) for each in candidates]
        missing = right is None and NUMBER not in truths
        choices.append(Choice(database.name, draft.name, names, features, right, missing))
    return choices


def _field(column: Column) -> str:
    return scoring.called(column).lower()


def chances(choice: Choice, fitted: Features) -> list[float]:
    """The chance of each candidate; all of them may be wrong."""
    return weights.chances([weights.score(each, fitted) for each in choice.candidates])


def fit(choices: Sequence[Choice], penalty: float) -> Features:
    """The weights that make the truth likeliest, less their penalty."""
    names = sorted({name for choice in choices for each in choice.candidates for name in each})
    fitted = dict.fromkeys(names, 0.0)
    for _ in range(STEPS):
        slope = {name: -penalty * fitted[name] for name in names}
        curve: dict[tuple[str, str], float] = defaultdict(float)
        for name in names:
            curve[name, name] = penalty
        for choice in choices:
            if choice.candidates and not choice.missing:
                _add(choice, chances(choice, fitted), slope, curve)
        step = solve(names, curve, slope)
        for name in names:
            fitted[name] += step[name]
        if max(map(abs, step.values())) < 1e-5:
            break
    return fitted


def _add(choice: Choice, parts: list[float], slope: Features, curve: dict[tuple[str, str], float]) -> None:
    mean: Features = defaultdict(float)
    counts = choice.counts
    for each, part in zip(choice.candidates, parts, strict=True):
        for name, value in each.items():
            mean[name] += part * value
            if part > 1e-9:
                for other, there in each.items():
                    curve[name, other] += counts * part * value * there
    for name, value in mean.items():
        slope[name] -= counts * value
        for other, there in mean.items():
            curve[name, other] -= counts * value * there
    if choice.right is not None:
        for name, value in choice.candidates[choice.right].items():
            slope[name] += counts * value


def solve(names: Sequence[str], curve: dict[tuple[str, str], float], slope: Features) -> Features:
    """The solution of curve · x = slope, by elimination."""
    rows = [[curve.get((a, b), 0.0) for b in names] + [slope[a]] for a in names]
    size = len(names)
    for place in range(size):
        pivot = max(range(place, size), key=lambda row: abs(rows[row][place]))
        rows[place], rows[pivot] = rows[pivot], rows[place]
        for row in range(place + 1, size):
            factor = rows[row][place] / rows[place][place]
            if factor:
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[place], strict=True)]
    found = [0.0] * size
    for place in reversed(range(size)):
        rest = sum(rows[place][other] * found[other] for other in range(place + 1, size))
        found[place] = (rows[place][size] - rest) / rows[place][place]
    return dict(zip(names, found, strict=True))


def fit_all(databases: Iterable[Database]) -> dict[str, Features]:
    """Both tables of weights. What refers where depends on the weights themselves, so they are fitted again."""
    databases = list(databases)
    kept = (weights.REFERENCE, weights.KEY)
    try:
        for _ in range(PASSES):
            choices = [choice for each in databases for choice in reference_choices(each)]
            weights.REFERENCE = fit(choices, PENALTY["reference"])
        choices = [choice for each in databases for choice in key_choices(each)]
        key = fit(choices, PENALTY["key"])
        return {"reference": weights.REFERENCE, "key": key}
    finally:
        weights.REFERENCE, weights.KEY = kept


@dataclass
class Count:
    """How many were guessed rightly, wrongly, and not at all."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


def judge(databases: Iterable[Database], fitted: dict[str, Features], book: Book) -> None:
    """Count what the weights make of databases."""
    kept = (weights.REFERENCE, weights.KEY)
    weights.REFERENCE, weights.KEY = fitted["reference"], fitted["key"]
    try:
        for database in databases:
            if database.changed:
                continue
            for choice in reference_choices(database):
                book.add_reference(choice, chances(choice, fitted["reference"]))
            for choice in key_choices(database):
                book.add_key(choice, chances(choice, fitted["key"]))
    finally:
        weights.REFERENCE, weights.KEY = kept


class Book:
    """What was counted, by set and database, and by how sure the guesses were."""

    def __init__(self) -> None:
        self.references: dict[str, Count] = defaultdict(Count)
        self.keys: dict[str, Count] = defaultdict(Count)
        self.sure: dict[tuple[str, int], Count] = defaultdict(Count)
        self.misses: list[str] = []

    def add_reference(self, choice: Choice, parts: list[float]) -> None:
        """Count the guess for a column: made if it is sure enough."""
        count = self.references[choice.database]
        best = max(range(len(parts)), key=parts.__getitem__, default=None)
        made = best is not None and parts[best] >= relations.SURE
        right = made and best == choice.right
        count.right += right
        count.wrong += made and not right
        count.missed += (choice.right is not None or choice.missing) and not right
        if best is not None and made:
            self._note("reference", parts[best], right=right)
        if (made and not right) or (not right and (choice.right is not None or choice.missing)):
            said = choice.names[best] if best is not None else "nothing"
            true = choice.names[choice.right] if choice.right is not None else "nothing that was found"
            sure = parts[best] if best is not None else 0.0
            self.misses.append(f"{choice.database}: {choice.what} -> {said} {sure:.2f}, truly {true}")

    def add_key(self, choice: Choice, parts: list[float]) -> None:
        """Count the guess for a table's key."""
        best = max(range(len(parts)), key=parts.__getitem__, default=None)
        if best is not None and parts[best] < 1 - sum(parts):
            best = None
        right = best == choice.right and not choice.missing
        self.keys[choice.database].right += right
        self.keys[choice.database].missed += not right
        if best is not None:
            self._note("key", parts[best], right=right)
        if not right:
            said = f"{choice.names[best]} {parts[best]:.2f}" if best is not None else "nothing"
            true = choice.names[choice.right] if choice.right is not None else "nothing that was found"
            self.misses.append(f"{choice.database}: key of {choice.what} is {true}, found {said}")

    def _note(self, kind: str, part: float, *, right: bool) -> None:
        count = self.sure[kind, min(9, int(part * 10))]
        count.right += right
        count.wrong += not right

    def say(self) -> None:
        """Print the scores and the calibration."""
        for group in sorted({name.partition("/")[0] for name in self.references}):
            mine = [count for name, count in self.references.items() if name.startswith(f"{group}/")]
            total = Count(*(sum(getattr(each, part) for each in mine) for part in ("right", "wrong", "missed")))
            macro = [each.f1() for each in mine if each.right + each.missed]
            keys = [count for name, count in self.keys.items() if name.startswith(f"{group}/")]
            good, bad = sum(each.right for each in keys), sum(each.missed for each in keys)
            mean = sum(macro) / max(1, len(macro))
            print(
                f"{group}: references F1 {total.f1():.3f} macro {mean:.3f}; keys that aren't given {good}/{good + bad}"
            )
        for kind in ("reference", "key"):
            cells = [
                f"{place / 10:.1f}: {c.right}/{c.right + c.wrong}"
                for (k, place), c in sorted(self.sure.items())
                if k == kind
            ]
            print(f"right, of the {kind}s that were so sure: {', '.join(cells)}")


def fold(databases: Sequence[Database], folds: int) -> list[list[Database]]:
    """The databases in parts, at random but always the same."""
    names = sorted({each.name for each in databases})
    random.Random(1).shuffle(names)
    parts = [set(names[place::folds]) for place in range(folds)]
    return [[each for each in databases if each.name in part] for part in parts]


def cross_validate(databases: Sequence[Database], folds: int) -> Book:
    """Judge each part by weights fitted to the others."""
    book = Book()
    for part in fold(databases, folds):
        names = {each.name for each in part}
        judge(part, fit_all(each for each in databases if each.name not in names), book)
    return book


def write(fitted: dict[str, Features]) -> None:
    """Put the weights into their module."""
    text = WEIGHTS.read_text("utf-8")
    for kind, name in (("reference", "REFERENCE"), ("key", "KEY")):
        lines = "".join(f'    "{key}": {value:.2f},\n' for key, value in sorted(fitted[kind].items()))
        text = re.sub(
            rf"^{name}: .*?^}}\n", f"{name}: dict[str, float] = {{\n{lines}}}\n", text, flags=re.DOTALL | re.MULTILINE
        )
    WEIGHTS.write_text(text, "utf-8")


def main() -> None:
    """Fit, judge, and write if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--folds", type=int, default=8)
    parser.add_argument("--misses", action="store_true", help="name what was guessed wrongly")
    parser.add_argument("--write", action="store_true", help="write the weights into the module")
    options = parser.parse_args()
    databases = read_databases(options.data)
    book = cross_validate(databases, options.folds)
    print(f"cross-validated over {len(databases)} databases in {options.folds} parts:")
    book.say()
    if options.misses:
        print("\n".join(sorted(book.misses)))
    if options.write:
        write(fit_all(databases))


if __name__ == "__main__":
    main()
