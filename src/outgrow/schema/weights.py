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
    "attribute alike": -2.0,
    "copied": -6.0,
    "few alike": -3.5,
    "few alike, no key": -5.0,
    "identifying, named surprise": 1.5,
    "identifying, unnamed surprise": 4.0,
    "leads back": 5.0,
    "listed numbers": 4.0,
    "orphans": -1.0,
    "measure alike": -3.0,
    "one: instant": -4.0,
    "picked": 1.0,
    "picked among": 3.0,
    "several: part of wanted": -3.0,
    "several: wanted": 3.0,
    "unnamed attribute": -1.0,
    "unreached": -3.0,
}

REFERENCE: dict[str, float] = {
    "a number of them": -1.71,
    "attribute alike": -0.65,
    "best named": 2.24,
    "best named, weakly": -0.26,
    "bias": -0.06,
    "copied": -1.06,
    "detail": -0.53,
    "directed": 0.61,
    "ending": -0.09,
    "few alike": 0.27,
    "few alike, no key": -0.00,
    "few values": -0.54,
    "identifying, named surprise": -2.48,
    "identifying, unnamed surprise": -1.80,
    "leads back": 0.29,
    "listed numbers": 0.49,
    "measure alike": -0.10,
    "measure, not the table's name": -1.75,
    "name alone": 1.10,
    "name doers": -0.56,
    "name exact": 0.24,
    "name head": -0.13,
    "name initial": 0.14,
    "name none": -2.82,
    "name other people": 0.26,
    "name people": 0.57,
    "name role": 0.71,
    "name same key": 0.98,
    "name similar": -1.03,
    "name within": 0.48,
    "named coverage": 0.90,
    "named surprise": 0.88,
    "named unreached": -0.00,
    "orphans": -0.98,
    "orphans, weak name": 0.37,
    "outnamed": -0.61,
    "own, surprise": 1.55,
    "picked": 1.27,
    "picked among": 0.00,
    "root": 0.72,
    "rooted": 0.33,
    "same name": 0.15,
    "same table": -0.32,
    "source detail": 0.12,
    "source has a name": -0.71,
    "source named own": -0.89,
    "source own": -2.58,
    "source own part": -0.60,
    "source own, a role": -1.24,
    "source sole key, weak name": -0.53,
    "source unique": -0.58,
    "source unique, larger": -2.21,
    "target first or given": 0.77,
    "target has a name": 0.83,
    "target is named and own": 0.32,
    "target named like key": -0.35,
    "target own id": 0.21,
    "target own initial": 0.45,
    "target own name": 0.59,
    "target own none": -0.14,
    "target own part": -1.72,
    "target own whole": -0.08,
    "target tiny": -0.50,
    "unnamed attribute": -0.33,
    "unnamed coverage": 0.54,
    "unnamed ending": 0.52,
    "unnamed surprise": 3.22,
    "unnamed text": 0.35,
    "unnamed, of a time": -0.14,
    "unreached": -1.61,
}

KEY: dict[str, float] = {
    "one": 1.41,
    "one: blanks": -0.26,
    "one: counts": 1.07,
    "one: ending": 1.35,
    "one: few rows": -0.60,
    "one: first": 0.71,
    "one: in front": 0.71,
    "one: long": 0.32,
    "one: measure": -0.71,
    "one: moment": -0.43,
    "one: name": 1.21,
    "one: name of people": -0.59,
    "one: named by several": 0.21,
    "one: natural": 1.02,
    "one: number": 0.38,
    "one: own initial": 0.20,
    "one: own name": 0.53,
    "one: own none": 0.13,
    "one: own part": 0.52,
    "one: own whole": 0.03,
    "one: period": 0.69,
    "one: referred to": 1.64,
    "one: referred to often": 1.31,
    "one: refers": -1.85,
    "one: share": 0.52,
    "one: skips": 0.10,
    "one: sure ending": 0.13,
    "one: table's words": 0.57,
    "one: words of the table": 0.44,
    "several": -0.08,
    "several: all that refer": 0.93,
    "several: amounts": 0.34,
    "several: bare": 0.48,
    "several: blanks": -0.67,
    "several: chance": -0.74,
    "several: counter": 0.71,
    "several: few others": 0.43,
    "several: few rows": 1.05,
    "several: first": 0.00,
    "several: holds unique": -0.37,
    "several: in front": 1.75,
    "several: instant": -1.05,
    "several: leaves out unique key": -0.87,
    "several: minimal": 1.57,
    "several: more than needed, refers all": 0.30,
    "several: name": -0.02,
    "several: named by both": 0.20,
    "several: named by both, pair": 0.40,
    "several: part of wanted": -0.03,
    "several: parts what refers together": -1.10,
    "several: period": -0.67,
    "several: plain share": -2.02,
    "several: refers all": -0.23,
    "several: refers all, pair": 0.42,
    "several: refers share": 0.99,
    "several: refers some": -0.56,
    "several: refers together": 1.14,
    "several: refers, and counts": 0.68,
    "several: refers, and period": 0.18,
    "several: share": -0.63,
    "several: size": -0.57,
    "several: skips": -1.58,
    "several: small rest": 0.48,
    "several: table's words": 0.95,
    "several: wanted": 0.60,
    "several: words of the table": 1.64,
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
