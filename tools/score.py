"""Scores inference: keys, shapes and types of folders whose truth is known, and whether outgrow was as sure as it said.

usage: make score [ARGS="--only shop --misses"]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "relations"))

import samples
from derived import DERIVED
from samples import SETS, Sample
from scoring import Score, score

PROCESSES = min(2, os.cpu_count() or 1)
LARGEST_DERIVED = 20_000
BANDS = (0.0, 0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)
HEAD = f"{'set':<24}{'of':>4}{'P':>8}{'R':>7}{'F1':>7}{'macro':>7}{'PK':>7}{'unique':>8}{'shapes':>8}{'types':>7}"

Loader = Callable[[], Sample | None]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sets", default="stores," + ",".join(SETS), help="which sets, by commas")
    parser.add_argument("--only", help="one sample, by its name")
    parser.add_argument(
        "--derived", default=",".join(DERIVED), help="which harder versions as well, by commas; or none"
    )
    parser.add_argument("--misses", action="store_true", help="say what is wrong, sample by sample")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    asked = parser.parse_args()
    kept: dict[str, list[Score]] = {}
    print(HEAD)
    with ProcessPoolExecutor(PROCESSES) as pool:
        for title, loaders in _sets(asked.sets.split(","), asked.derived.split(","), asked.only):
            kept[title] = [each for each in pool.map(_score, loaders) if each is not None]
            if kept[title]:
                print(_line(title, kept[title]))
                for miss in _misses(kept[title]) if asked.misses else ():
                    print(miss)
    print("\n".join(_calibration(kept)))
    if asked.json:
        asked.json.write_text(json.dumps({title: _figures(scores) for title, scores in kept.items()}, indent=1))


def _sets(names: Iterable[str], harder: Iterable[str], only: str | None) -> Iterator[tuple[str, list[Loader]]]:
    """Each set, then its harder versions; the large databases are left out of these."""
    for name in names:
        loaders = _loaders(name, only)
        yield name, loaders
        for version in harder:
            if version == "nested" and name != "stores":
                yield f"{name} {version}", [partial(_nested, name, part.args[1]) for part in loaders]
            elif version in DERIVED and version != "nested":
                yield f"{name} {version}", [partial(_harder, part, version) for part in loaders]


def _loaders(name: str, only: str | None) -> list[partial[Sample]]:
    folder = samples.STORES if name == "stores" else samples.set_folder(name)
    found = sorted(path.parent.name for path in folder.glob("*/truth.json"))
    return [partial(_load, name, each) for each in found if only in (None, each)]


def _load(set_name: str, name: str) -> Sample:
    return samples.store(name) if set_name == "stores" else samples.database(samples.set_folder(set_name) / name)


def _harder(load: partial[Sample], version: str) -> Sample | None:
    sample = load()
    return DERIVED[version](sample) if sample.rows <= LARGEST_DERIVED or version == "shuffled" else None


def _nested(set_name: str, name: str) -> Sample | None:
    return _harder(partial(samples.database, samples.set_folder(set_name) / name, nested=True), "nested")


def _score(load: Loader) -> Score | None:
    sample = load()
    return score(sample) if sample else None


def _line(title: str, scores: list[Score]) -> str:
    figures = _figures(scores)
    names = ("precision", "recall", "f1", "macro", "keys")
    shown = "".join(f"{figures[name]:>{8 if name == 'precision' else 7}.3f}" for name in names)
    more = "".join(
        f"{figures[name]:>{width}.3f}" if name in figures else " " * (width - 1) + "-"
        for name, width in (("unique", 8), ("shapes", 8), ("types", 7))
    )
    return f"{title:<24}{len(scores):>4}{shown}{more}"


def _figures(scores: list[Score]) -> dict[str, float]:
    right, wrong, missing = (sum(getattr(each, n) for each in scores) for n in ("right", "wrong", "missing"))
    with_keys = [each.f1 for each in scores if each.right + each.missing]
    figures = {
        "precision": right / max(1, right + wrong),
        "recall": right / max(1, right + missing),
        "f1": 2 * right / max(1, 2 * right + wrong + missing),
        "macro": sum(with_keys) / max(1, len(with_keys)),
    }
    for name in ("keys", "unique", "shapes", "types"):
        counts = [getattr(each, name) for each in scores]
        total = sum(count[1] for count in counts)
        if total or name == "keys":
            figures[name] = sum(count[0] for count in counts) / max(1, total)
    return figures


def _misses(scores: list[Score]) -> Iterator[str]:
    for each in scores:
        yield from (f"    {each.name}: {miss}" for miss in each.misses)


def _calibration(kept: dict[str, list[Score]]) -> Iterator[str]:
    """Of the references said to be so likely, how many are there: over all sets but those without names."""
    guesses = [g for title, scores in kept.items() if "dark" not in title for each in scores for g in each.guesses]
    if guesses:
        yield f"\n{'said':>12}{'guesses':>10}{'mean said':>11}{'true':>8}"
    for low, high in pairwise(BANDS):
        band = [guess for guess in guesses if low <= guess[0] < high]
        if band:
            said, true = (sum(each[place] for each in band) / len(band) for place in (0, 1))
            yield f"{f'{low:.2f}-{min(high, 1):.2f}':>12}{len(band):>10}{said:>11.3f}{true:>8.3f}"


if __name__ == "__main__":
    main()
