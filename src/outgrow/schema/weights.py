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

# Texts that are all keys of one map, or ids or user names, are meant so: those were made to tell rows apart. Whole
# numbers in a list that fill a key are ids, as quantities in a list would repeat and skip. Rows that lead back to the
# row that leads to them do so on purpose. Of many numbers, those that refer reach about as far as the key does. What
# another table refers to as a whole is a key as a whole.
# Two or three values that two tables have under one name, which is neither's, are as likely facts of both.
REASONED: dict[str, float] = {
    "copied": -6.0,
    "few alike": -3.5,
    "identifying, named surprise": 1.5,
    "identifying, unnamed surprise": 4.0,
    "leads back": 5.0,
    "listed numbers": 4.0,
    "orphans": -1.0,
    "picked": 1.0,
    "several: part of wanted": -3.0,
    "several: wanted": 3.0,
    "unreached": -3.0,
}

REFERENCE: dict[str, float] = {
    "best named": 1.89,
    "bias": -0.22,
    "copied": -0.31,
    "detail": -0.58,
    "ending": -0.13,
    "few alike": 0.37,
    "few values": -0.06,
    "identifying, named surprise": -2.26,
    "identifying, unnamed surprise": -0.46,
    "leads back": 0.36,
    "listed numbers": 0.35,
    "measure, not the table's name": -1.93,
    "name alone": 0.95,
    "name exact": 0.43,
    "name head": -0.24,
    "name initial": 0.19,
    "name none": -2.75,
    "name other people": 0.26,
    "name people": 0.31,
    "name role": 1.24,
    "name same key": 0.52,
    "name similar": -1.13,
    "named coverage": 1.08,
    "named surprise": 0.44,
    "orphans": -0.88,
    "orphans, weak name": 0.30,
    "outnamed": -0.45,
    "own, surprise": 1.83,
    "picked": 1.12,
    "root": 1.32,
    "rooted": -0.61,
    "same name": 0.08,
    "same table": -0.64,
    "source detail": 0.25,
    "source has a name": -0.54,
    "source own": -2.40,
    "source own part": -0.67,
    "source sole key, weak name": -0.59,
    "source unique": -0.20,
    "source unique, larger": -2.05,
    "target first or given": 0.54,
    "target has a name": 0.80,
    "target is named and own": 0.25,
    "target named like key": -0.01,
    "target own id": -0.04,
    "target own initial": 0.20,
    "target own name": 0.80,
    "target own none": -0.59,
    "target own part": -0.74,
    "target own whole": -0.27,
    "target tiny": -0.41,
    "unnamed coverage": 0.51,
    "unnamed ending": 0.54,
    "unnamed surprise": 1.53,
    "unnamed text": -0.77,
    "unreached": -1.36,
}

KEY: dict[str, float] = {
    "one": 1.21,
    "one: blanks": 0.07,
    "one: counts": 1.39,
    "one: ending": 1.61,
    "one: few rows": -0.48,
    "one: first": 0.48,
    "one: in front": 0.48,
    "one: long": 0.19,
    "one: measure": -0.56,
    "one: moment": -0.46,
    "one: name": 1.38,
    "one: named by several": 0.45,
    "one: natural": 0.67,
    "one: number": 0.34,
    "one: own initial": 0.17,
    "one: own name": 0.69,
    "one: own none": -0.15,
    "one: own part": 0.41,
    "one: own whole": 0.09,
    "one: period": 0.86,
    "one: referred to": 1.30,
    "one: referred to often": 0.81,
    "one: refers": -2.42,
    "one: share": 0.48,
    "one: skips": -0.06,
    "one: sure ending": 0.33,
    "one: table's words": 0.60,
    "one: words of the table": 0.80,
    "several": -0.38,
    "several: all that refer": 1.20,
    "several: bare": 0.47,
    "several: blanks": -0.83,
    "several: chance": -0.14,
    "several: counter": 1.05,
    "several: few others": 0.11,
    "several: few rows": 0.98,
    "several: first": -0.18,
    "several: holds unique": -0.90,
    "several: in front": 1.48,
    "several: minimal": 0.49,
    "several: more than needed, refers all": -0.14,
    "several: name": -0.02,
    "several: named by both": 0.28,
    "several: named by both, pair": 0.05,
    "several: part of wanted": -0.02,
    "several: period": -0.76,
    "several: plain share": -1.18,
    "several: refers all": 0.27,
    "several: refers all, pair": 0.44,
    "several: refers share": 1.25,
    "several: refers some": -0.23,
    "several: refers together": 1.61,
    "several: refers, and counts": 0.60,
    "several: refers, and period": 0.44,
    "several: share": -1.03,
    "several: size": -0.55,
    "several: skips": -1.55,
    "several: small rest": 0.61,
    "several: table's words": 1.23,
    "several: wanted": 0.23,
    "several: words of the table": 1.82,
}


def reference_score(features: Mapping[str, float]) -> float:
    """How much speaks for a reference; 0 is as much as for none."""
    return score(features, REFERENCE)


def key_score(features: Mapping[str, float]) -> float:
    """How much speaks for a key; 0 is as much as for a number that outgrow counts."""
    return score(features, KEY)


def score(features: Mapping[str, float], fitted: Mapping[str, float]) -> float:
    """The sum of the weights: the reasoned ones, and by how much others do better."""
    return sum((fitted.get(name, 0.0) + REASONED.get(name, 0.0)) * value for name, value in features.items())


def chances(scores: Sequence[float], nothing: float = 0.0) -> list[float]:
    """The chances of possibilities that exclude each other, and the one that none holds, whose score is `nothing`."""
    top = max([*scores, nothing])
    parts = [math.exp(score - top) for score in scores]
    whole = sum(parts) + math.exp(nothing - top)
    return [part / whole for part in parts]
