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
    "best named": 1.93,
    "bias": -0.46,
    "copied": -0.38,
    "detail": -0.49,
    "ending": 0.09,
    "few alike": 0.35,
    "few values": 0.18,
    "identifying, named surprise": 0.02,
    "identifying, unnamed surprise": -0.35,
    "leads back": 0.37,
    "listed numbers": 0.14,
    "measure, not the table's name": -1.79,
    "name alone": 1.11,
    "name exact": 0.42,
    "name head": -0.15,
    "name initial": 0.25,
    "name none": -2.92,
    "name other people": -0.03,
    "name people": 0.37,
    "name role": 0.99,
    "name same key": 0.59,
    "name similar": -1.09,
    "named coverage": 0.78,
    "named surprise": 0.18,
    "orphans": -0.97,
    "orphans, weak name": 0.28,
    "outnamed": -0.66,
    "own, surprise": 1.75,
    "picked": 1.12,
    "root": 1.42,
    "rooted": -0.50,
    "same name": 0.20,
    "same table": 0.07,
    "source detail": 0.28,
    "source has a name": -0.57,
    "source own": -2.34,
    "source own part": -0.63,
    "source sole key, weak name": -0.54,
    "source unique": -0.19,
    "source unique, larger": -1.75,
    "target first or given": 0.56,
    "target has a name": 0.93,
    "target is named and own": -0.08,
    "target named like key": 0.04,
    "target own id": 0.15,
    "target own initial": 0.16,
    "target own name": 0.83,
    "target own none": -0.73,
    "target own part": -1.18,
    "target own whole": -0.11,
    "target tiny": -0.15,
    "unnamed coverage": -0.02,
    "unnamed ending": 0.51,
    "unnamed surprise": 1.64,
    "unnamed text": -0.62,
    "unreached": -1.22,
}

KEY: dict[str, float] = {
    "one": 1.19,
    "one: blanks": 0.03,
    "one: counts": 1.17,
    "one: ending": 1.54,
    "one: few rows": -0.40,
    "one: first": 0.45,
    "one: in front": 0.45,
    "one: long": 0.17,
    "one: measure": -0.23,
    "one: moment": -0.42,
    "one: name": 1.39,
    "one: named by several": 0.43,
    "one: natural": 0.67,
    "one: number": 0.18,
    "one: own initial": 0.20,
    "one: own name": 0.68,
    "one: own none": -0.17,
    "one: own part": 0.39,
    "one: own whole": 0.09,
    "one: period": 0.91,
    "one: referred to": 1.32,
    "one: referred to often": 0.76,
    "one: refers": -2.63,
    "one: share": 0.48,
    "one: skips": -0.03,
    "one: sure ending": 0.78,
    "one: table's words": 0.64,
    "one: words of the table": 0.80,
    "several": -0.28,
    "several: all that refer": 1.21,
    "several: bare": 0.40,
    "several: blanks": -1.02,
    "several: chance": -0.13,
    "several: counter": 1.19,
    "several: few others": 0.01,
    "several: few rows": 0.81,
    "several: first": -0.20,
    "several: holds unique": -0.84,
    "several: in front": 1.45,
    "several: minimal": 0.53,
    "several: more than needed, refers all": -0.21,
    "several: name": -0.03,
    "several: named by both": 0.25,
    "several: named by both, pair": 0.07,
    "several: part of wanted": -0.02,
    "several: period": -0.74,
    "several: plain share": -1.12,
    "several: refers all": 0.20,
    "several: refers all, pair": 0.36,
    "several: refers share": 1.30,
    "several: refers some": -0.13,
    "several: refers together": 1.63,
    "several: refers, and counts": 0.51,
    "several: refers, and period": 0.38,
    "several: share": -1.02,
    "several: size": -0.55,
    "several: skips": -1.57,
    "several: small rest": 0.68,
    "several: table's words": 1.22,
    "several: wanted": 0.23,
    "several: words of the table": 1.75,
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
