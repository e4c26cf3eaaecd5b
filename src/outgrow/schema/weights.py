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

NAMELESS = "nameless"

REFERENCE: dict[str, float] = {
    "a number of them": -1.77,
    "attribute alike": -0.79,
    "best named": 2.26,
    "best named, weakly": -0.27,
    "bias": 0.13,
    "copied": -1.20,
    "detail": -0.48,
    "directed": 0.58,
    "ending": 0.01,
    "few alike": 0.26,
    "few alike, no key": -0.00,
    "few values": -0.58,
    "identifying, named surprise": -2.49,
    "identifying, unnamed surprise": -1.77,
    "leads back": 0.29,
    "listed numbers": 0.48,
    "measure alike": -0.14,
    "measure, not the table's name": -1.86,
    "name alone": 1.10,
    "name doers": -0.52,
    "name exact": 0.21,
    "name head": -0.15,
    "name initial": 0.14,
    "name none": -2.52,
    "name other people": 0.23,
    "name people": 0.51,
    "name role": 0.68,
    "name same key": 1.05,
    "name similar": -1.07,
    "name within": 0.46,
    "named coverage": 0.85,
    "named surprise": 0.77,
    "named unreached": 0.01,
    "nameless": -0.42,
    "nameless, best named": 0.17,
    "nameless, best named, weakly": 0.00,
    "nameless, bias": -0.42,
    "nameless, copied": -0.22,
    "nameless, few values": -2.51,
    "nameless, identifying, unnamed surprise": 0.82,
    "nameless, leads back": 0.00,
    "nameless, listed numbers": 0.30,
    "nameless, measure, not the table's name": 0.00,
    "nameless, name alone": 0.17,
    "nameless, name none": -0.59,
    "nameless, named coverage": 0.08,
    "nameless, named surprise": 0.17,
    "nameless, orphans": -0.04,
    "nameless, orphans, weak name": -0.32,
    "nameless, outnamed": 0.00,
    "nameless, picked among": 0.00,
    "nameless, root": -1.21,
    "nameless, rooted": 0.22,
    "nameless, same name": -1.10,
    "nameless, same table": -0.20,
    "nameless, source has a name": 0.00,
    "nameless, source named own": 0.50,
    "nameless, source unique": -1.43,
    "nameless, source unique, larger": -2.46,
    "nameless, target first or given": 1.32,
    "nameless, target named like key": -0.22,
    "nameless, target own none": -0.21,
    "nameless, target tiny": -0.47,
    "nameless, unnamed attribute": -1.74,
    "nameless, unnamed coverage": 2.70,
    "nameless, unnamed surprise": 3.38,
    "nameless, unnamed text": -0.48,
    "nameless, unreached": -4.56,
    "orphans": -0.96,
    "orphans, weak name": 0.41,
    "outnamed": -0.64,
    "own, surprise": 1.61,
    "picked": 1.26,
    "picked among": 0.00,
    "root": 0.69,
    "rooted": 0.19,
    "same name": 0.04,
    "same table": -0.29,
    "source detail": 0.15,
    "source has a name": -0.80,
    "source named own": -1.07,
    "source own": -2.59,
    "source own part": -0.64,
    "source own, a role": -1.21,
    "source sole key, weak name": -0.51,
    "source unique": -0.55,
    "source unique, larger": -2.28,
    "target first or given": 1.02,
    "target has a name": 0.75,
    "target is named and own": 0.59,
    "target named like key": -0.86,
    "target own id": 0.09,
    "target own initial": 0.54,
    "target own name": 0.59,
    "target own none": 0.16,
    "target own part": -1.56,
    "target own whole": -0.20,
    "target tiny": -0.41,
    "unnamed attribute": -0.67,
    "unnamed coverage": 0.77,
    "unnamed ending": 0.33,
    "unnamed surprise": 2.93,
    "unnamed text": 0.03,
    "unnamed, of a time": -0.23,
    "unreached": -1.60,
}

KEY: dict[str, float] = {
    "nameless": -0.08,
    "nameless, one": 0.75,
    "nameless, one: blanks": -0.92,
    "nameless, one: counts": 1.31,
    "nameless, one: few rows": -0.18,
    "nameless, one: first": 0.85,
    "nameless, one: in front": 0.85,
    "nameless, one: long": -0.26,
    "nameless, one: number": 0.38,
    "nameless, one: own none": 0.75,
    "nameless, one: referred to": 2.08,
    "nameless, one: referred to often": 1.01,
    "nameless, one: refers": -1.04,
    "nameless, one: share": -0.04,
    "nameless, one: skips": 1.14,
    "nameless, several": -0.83,
    "nameless, several: all that refer": 0.33,
    "nameless, several: bare": 0.61,
    "nameless, several: blanks": -1.70,
    "nameless, several: chance": -1.85,
    "nameless, several: few others": 0.66,
    "nameless, several: few rows": 0.72,
    "nameless, several: first": 0.61,
    "nameless, several: holds unique": -0.19,
    "nameless, several: in front": 2.36,
    "nameless, several: instant": -0.05,
    "nameless, several: minimal": 1.55,
    "nameless, several: more than needed, refers all": 0.25,
    "nameless, several: part of wanted": -0.65,
    "nameless, several: parts what refers together": -0.17,
    "nameless, several: period": -0.68,
    "nameless, several: plain share": -0.35,
    "nameless, several: refers all": 0.64,
    "nameless, several: refers all, pair": 0.41,
    "nameless, several: refers share": -0.10,
    "nameless, several: refers some": -0.83,
    "nameless, several: refers together": 0.80,
    "nameless, several: refers, and period": -0.13,
    "nameless, several: share": -0.30,
    "nameless, several: size": -1.25,
    "nameless, several: skips": -1.35,
    "nameless, several: small rest": 0.58,
    "nameless, several: wanted": 0.73,
    "one": 1.41,
    "one: blanks": -0.27,
    "one: counts": 1.09,
    "one: ending": 1.35,
    "one: few rows": -0.59,
    "one: first": 0.72,
    "one: in front": 0.72,
    "one: long": 0.33,
    "one: measure": -0.70,
    "one: moment": -0.43,
    "one: name": 1.21,
    "one: name of people": -0.58,
    "one: named by several": 0.22,
    "one: natural": 1.02,
    "one: number": 0.37,
    "one: own initial": 0.20,
    "one: own name": 0.53,
    "one: own none": 0.13,
    "one: own part": 0.52,
    "one: own whole": 0.03,
    "one: period": 0.69,
    "one: referred to": 1.62,
    "one: referred to often": 1.31,
    "one: refers": -1.83,
    "one: share": 0.51,
    "one: skips": 0.11,
    "one: sure ending": 0.13,
    "one: table's words": 0.58,
    "one: words of the table": 0.44,
    "several": -0.08,
    "several: all that refer": 0.93,
    "several: amounts": 0.35,
    "several: bare": 0.49,
    "several: blanks": -0.67,
    "several: chance": -0.74,
    "several: counter": 0.71,
    "several: few others": 0.42,
    "several: few rows": 1.05,
    "several: first": 0.00,
    "several: holds unique": -0.36,
    "several: in front": 1.76,
    "several: instant": -1.06,
    "several: leaves out unique key": -0.87,
    "several: minimal": 1.57,
    "several: more than needed, refers all": 0.29,
    "several: name": -0.02,
    "several: named by both": 0.20,
    "several: named by both, pair": 0.42,
    "several: part of wanted": -0.03,
    "several: parts what refers together": -1.11,
    "several: period": -0.67,
    "several: plain share": -2.03,
    "several: refers all": -0.24,
    "several: refers all, pair": 0.45,
    "several: refers share": 1.00,
    "several: refers some": -0.56,
    "several: refers together": 1.14,
    "several: refers, and counts": 0.66,
    "several: refers, and period": 0.18,
    "several: share": -0.62,
    "several: size": -0.58,
    "several: skips": -1.58,
    "several: small rest": 0.48,
    "several: table's words": 0.95,
    "several: wanted": 0.60,
    "several: words of the table": 1.63,
}


def without_names(features: Mapping[str, float]) -> dict[str, float]:
    """The evidence of a database whose names tell nothing: its weights are others, for values have to tell it all."""
    return {f"{NAMELESS}, {name}": value for name, value in features.items()} | {NAMELESS: 1.0}


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
