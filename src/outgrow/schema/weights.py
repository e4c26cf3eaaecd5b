"""How much each piece of evidence counts, for references (`evidence`) and for keys (`key_evidence`).

REFERENCE and KEY are fitted: `tools/fit_relations.py` finds the weights that make the truth of many databases
likeliest, and says how well they do on databases that they weren't fitted to. Don't change them by hand: change the
evidence and fit again. The others have reasons, given beside them, as those databases hold no example.

A score is a sum of weights. The candidates of one column (or of one table's key) exclude each other, so their chances
follow from their scores and from that of "none of them", and add up to one with it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

# Texts that are all keys of one map, record for record, are meant so: nothing else in a map is unique by its nature.
# Two or three values that two tables have under one name, which is neither's, are as likely facts of both.
REASONED: dict[str, float] = {"map key, unnamed surprise": 4.0, "few alike": -3.5}

# From here on a key is better than a number that outgrow counts. Set by hand, as low as the tests of flat files allow:
# the lowest right key among the databases fitted to is only just above it, and many of their tables that declare none
# are too.
COUNTED = 0.4

REFERENCE: dict[str, float] = {
    "best named": 1.96,
    "bias": -0.87,
    "detail": -0.72,
    "ending": -0.11,
    "few values": 0.82,
    "measure, not the table's name": -2.25,
    "name alone": 0.74,
    "name exact": 1.12,
    "name head": 0.33,
    "name initial": 0.54,
    "name none": -3.85,
    "name other people": -0.68,
    "name people": 0.15,
    "name role": 0.93,
    "name same key": 0.86,
    "name similar": -1.01,
    "named coverage": 0.91,
    "named surprise": 0.22,
    "orphans, weak name": -0.09,
    "outnamed": -0.41,
    "own, surprise": 2.38,
    "root": 1.79,
    "rooted": -0.69,
    "same name": 0.15,
    "same table": -0.32,
    "source detail": 0.41,
    "source has a name": -0.72,
    "source own": -2.93,
    "source own part": -0.86,
    "source unique": -0.19,
    "source unique, larger": -1.66,
    "target first or given": 0.38,
    "target has a name": 1.00,
    "target is named and own": -0.55,
    "target named like key": 0.17,
    "target own id": -0.54,
    "target own initial": 0.30,
    "target own name": 1.10,
    "target own none": -0.95,
    "target own part": -1.00,
    "target own whole": 0.22,
    "target tiny": -0.66,
    "unnamed coverage": 1.32,
    "unnamed ending": 0.56,
    "unnamed surprise": 2.18,
    "unnamed text": -0.91,
}

KEY: dict[str, float] = {
    "one": 0.47,
    "one: blanks": 0.47,
    "one: counts": 1.29,
    "one: ending": 1.02,
    "one: few rows": -0.32,
    "one: first": 0.91,
    "one: in front": 0.91,
    "one: measure": -0.59,
    "one: moment": -0.17,
    "one: name": 0.53,
    "one: named by several": -0.14,
    "one: natural": -0.00,
    "one: number": 0.28,
    "one: own initial": 0.06,
    "one: own name": 0.55,
    "one: own none": -0.10,
    "one: own part": -0.04,
    "one: own whole": 0.00,
    "one: period": 0.60,
    "one: referred to": 0.91,
    "one: referred to often": 0.56,
    "one: refers": -2.28,
    "one: share": 0.18,
    "one: skips": -0.28,
    "one: sure ending": 0.72,
    "several": -0.47,
    "several: all that refer": 1.54,
    "several: bare": 0.15,
    "several: blanks": 0.26,
    "several: chance": -0.74,
    "several: counter": 0.64,
    "several: few others": 0.41,
    "several: few rows": 0.32,
    "several: first": 0.78,
    "several: holds unique": 0.04,
    "several: in front": 1.48,
    "several: minimal": 0.40,
    "several: more than needed, refers all": -0.77,
    "several: name": -0.15,
    "several: named by both": 0.33,
    "several: named by both, pair": 0.37,
    "several: part of wanted": -1.04,
    "several: period": -0.05,
    "several: refers all": -0.36,
    "several: refers all, pair": 0.29,
    "several: refers share": 1.02,
    "several: refers some": -0.28,
    "several: refers together": 1.64,
    "several: refers, and counts": 0.00,
    "several: share": -0.99,
    "several: size": -1.02,
    "several: skips": -1.82,
    "several: small rest": 0.23,
    "several: wanted": 1.47,
}


def reference_score(features: Mapping[str, float]) -> float:
    """How much speaks for a reference; 0 is as much as for none."""
    return sum((REFERENCE.get(name, 0.0) + REASONED.get(name, 0.0)) * value for name, value in features.items())


def key_score(features: Mapping[str, float]) -> float:
    """How much speaks for a key."""
    return sum(KEY.get(name, 0.0) * value for name, value in features.items())


def chances(scores: Sequence[float], nothing: float = 0.0) -> list[float]:
    """The chances of possibilities that exclude each other, and the one that none holds, whose score is `nothing`."""
    top = max([*scores, nothing])
    parts = [math.exp(score - top) for score in scores]
    whole = sum(parts) + math.exp(nothing - top)
    return [part / whole for part in parts]
