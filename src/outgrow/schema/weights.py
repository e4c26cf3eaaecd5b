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
    "attribute alike": -1.5,
    "copied": -6.0,
    "few alike": -3.5,
    "identifying, named surprise": 1.5,
    "identifying, unnamed surprise": 4.0,
    "leads back": 5.0,
    "listed numbers": 4.0,
    "orphans": -1.0,
    "picked": 1.0,
    "picked among": 3.0,
    "several: part of wanted": -3.0,
    "several: wanted": 3.0,
    "unreached": -3.0,
}

REFERENCE: dict[str, float] = {
    "a number of them": -1.53,
    "attribute alike": -0.53,
    "best named": 2.21,
    "bias": -0.28,
    "copied": -0.93,
    "detail": -0.58,
    "directed": 0.74,
    "ending": -0.05,
    "few alike": 0.19,
    "few values": -0.48,
    "identifying, named surprise": -2.52,
    "identifying, unnamed surprise": -1.84,
    "leads back": 0.44,
    "listed numbers": 0.40,
    "measure, not the table's name": -1.89,
    "name alone": 1.13,
    "name doers": -0.96,
    "name exact": 0.32,
    "name head": -0.14,
    "name initial": 0.16,
    "name none": -3.17,
    "name other people": 0.24,
    "name people": 0.78,
    "name role": 1.12,
    "name same key": 1.00,
    "name similar": -1.16,
    "name within": 0.40,
    "named coverage": 0.81,
    "named surprise": 0.74,
    "named unreached": 0.05,
    "orphans": -1.17,
    "orphans, weak name": 0.23,
    "outnamed": -0.38,
    "own, surprise": 1.68,
    "picked": 1.22,
    "picked among": 0.00,
    "root": 0.68,
    "rooted": 0.15,
    "same name": 0.31,
    "same table": -0.18,
    "source detail": 0.13,
    "source has a name": -0.47,
    "source own": -2.50,
    "source own part": -0.61,
    "source own, a role": -1.15,
    "source sole key, weak name": -0.54,
    "source unique": -0.42,
    "source unique, larger": -2.29,
    "target first or given": 0.95,
    "target has a name": 1.06,
    "target is named and own": 0.20,
    "target named like key": -0.61,
    "target own id": 0.12,
    "target own initial": 0.60,
    "target own name": 0.43,
    "target own none": -0.24,
    "target own part": -1.38,
    "target own whole": 0.11,
    "target tiny": -0.51,
    "unnamed attribute": -1.50,
    "unnamed coverage": 0.83,
    "unnamed ending": 0.34,
    "unnamed surprise": 2.96,
    "unnamed text": 0.38,
    "unnamed, of a time": -0.32,
    "unreached": -1.55,
}

KEY: dict[str, float] = {
    "one": 1.19,
    "one: blanks": 0.17,
    "one: counts": 1.18,
    "one: ending": 1.55,
    "one: few rows": -0.67,
    "one: first": 0.77,
    "one: in front": 0.77,
    "one: long": 0.18,
    "one: measure": -0.38,
    "one: moment": -0.41,
    "one: name": 1.61,
    "one: named by several": 0.44,
    "one: natural": 0.95,
    "one: number": 0.03,
    "one: own initial": 0.18,
    "one: own name": 0.76,
    "one: own none": -0.05,
    "one: own part": 0.34,
    "one: own whole": -0.04,
    "one: period": 0.88,
    "one: referred to": 1.58,
    "one: referred to often": 1.32,
    "one: refers": -1.53,
    "one: share": 0.35,
    "one: skips": 0.04,
    "one: sure ending": 0.44,
    "one: table's words": 0.61,
    "one: words of the table": 0.52,
    "several": -0.43,
    "several: all that refer": 0.82,
    "several: bare": 0.71,
    "several: blanks": -1.46,
    "several: chance": -0.50,
    "several: counter": 0.77,
    "several: few others": 0.48,
    "several: few rows": 1.37,
    "several: first": -0.22,
    "several: holds unique": -0.67,
    "several: in front": 1.80,
    "several: leaves out unique key": -1.14,
    "several: minimal": 1.73,
    "several: more than needed, refers all": 0.41,
    "several: name": -0.01,
    "several: named by both": -0.03,
    "several: named by both, pair": 0.32,
    "several: part of wanted": -0.05,
    "several: parts what refers together": -1.39,
    "several: period": -0.73,
    "several: plain share": -1.89,
    "several: refers all": -0.07,
    "several: refers all, pair": 0.63,
    "several: refers share": 1.16,
    "several: refers some": -0.67,
    "several: refers together": 0.89,
    "several: refers, and counts": 0.79,
    "several: refers, and period": 0.11,
    "several: share": -0.60,
    "several: size": -1.03,
    "several: skips": -1.91,
    "several: small rest": 0.54,
    "several: table's words": 1.10,
    "several: wanted": 0.60,
    "several: words of the table": 1.86,
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
