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

# From here on a key is better than a number that outgrow counts. Of the tables whose key is known, nearly all have one
# above it; of those that have none (logs, messages), most have not.
COUNTED = 0.8

REFERENCE: dict[str, float] = {
    "best named": 1.71,
    "bias": -1.54,
    "detail": -0.55,
    "ending": 0.16,
    "few values": 0.28,
    "measure, not the table's name": -1.74,
    "name alone": 0.58,
    "name exact": 0.97,
    "name head": 0.07,
    "name initial": 0.26,
    "name none": -3.31,
    "name other people": -0.66,
    "name people": 0.00,
    "name role": 0.75,
    "name same key": 0.81,
    "name similar": -1.02,
    "named coverage": 0.63,
    "named surprise": 0.12,
    "orphans, weak name": -0.06,
    "outnamed": -0.44,
    "own, surprise": 1.63,
    "root": 1.41,
    "rooted": -0.60,
    "same name": 0.25,
    "same table": -0.22,
    "source detail": 0.27,
    "source has a name": -0.80,
    "source own": -2.29,
    "source own part": -0.59,
    "source unique": -0.50,
    "source unique, larger": -1.16,
    "target first or given": 2.09,
    "target has a name": 0.95,
    "target is named and own": -0.22,
    "target named like key": -0.74,
    "target own id": -0.43,
    "target own initial": 0.16,
    "target own name": 0.41,
    "target own none": -0.69,
    "target own part": -1.00,
    "target own whole": 0.02,
    "target tiny": -0.42,
    "unnamed coverage": 0.69,
    "unnamed ending": 0.33,
    "unnamed surprise": 1.82,
    "unnamed text": -0.38,
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
