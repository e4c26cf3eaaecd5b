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
# What two tables have under one name that is neither's is as likely a fact of both: a town, a rank, two or three values
# more so. Texts that two columns share by no name at all may be one vocabulary. Of two columns that differ in each row,
# a third that is one of them picks: the winner of a game. Nobody means a moment to be the only thing of its time.
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
    "several: wanted": 5.0,
    "unnamed attribute": -1.0,
    "unreached": -3.0,
}

NAMELESS = "nameless"

REFERENCE: dict[str, float] = {
    "a number of them": -1.76,
    "attribute alike": -0.78,
    "best named": 2.25,
    "best named, weakly": -0.28,
    "bias": 0.15,
    "copied": -1.18,
    "detail": -0.49,
    "directed": 0.56,
    "ending": 0.01,
    "few alike": 0.28,
    "few alike, no key": -0.00,
    "few values": -0.69,
    "identifying, named surprise": -2.50,
    "identifying, unnamed surprise": -1.78,
    "leads back": 0.33,
    "listed numbers": 0.52,
    "measure alike": -0.14,
    "measure, not the table's name": -1.85,
    "name alone": 1.11,
    "name doers": -0.52,
    "name exact": 0.20,
    "name head": -0.13,
    "name initial": 0.15,
    "name none": -2.53,
    "name other people": 0.26,
    "name people": 0.54,
    "name role": 0.66,
    "name same key": 1.07,
    "name similar": -1.06,
    "name within": 0.42,
    "named coverage": 0.86,
    "named surprise": 0.76,
    "named unreached": -0.01,
    "nameless": -0.39,
    "nameless, best named": 0.26,
    "nameless, best named, weakly": 0.00,
    "nameless, bias": -0.39,
    "nameless, copied": -0.24,
    "nameless, few values": -2.57,
    "nameless, identifying, unnamed surprise": 0.59,
    "nameless, leads back": 0.00,
    "nameless, listed numbers": 0.35,
    "nameless, measure, not the table's name": 0.00,
    "nameless, name alone": 0.26,
    "nameless, name none": -0.65,
    "nameless, named coverage": 0.19,
    "nameless, named surprise": 0.26,
    "nameless, orphans": -0.04,
    "nameless, orphans, weak name": -0.36,
    "nameless, outnamed": 0.00,
    "nameless, picked among": 0.00,
    "nameless, root": -1.02,
    "nameless, rooted": 0.24,
    "nameless, same name": -1.13,
    "nameless, same table": -0.28,
    "nameless, source has a name": 0.00,
    "nameless, source named own": -0.16,
    "nameless, source unique": -1.43,
    "nameless, source unique, larger": -2.50,
    "nameless, target first or given": 1.27,
    "nameless, target named like key": -0.24,
    "nameless, target own none": -0.16,
    "nameless, target tiny": -0.45,
    "nameless, unnamed attribute": -1.66,
    "nameless, unnamed coverage": 2.73,
    "nameless, unnamed surprise": 3.32,
    "nameless, unnamed text": -0.41,
    "nameless, unreached": -4.45,
    "orphans": -0.97,
    "orphans, weak name": 0.32,
    "outnamed": -0.63,
    "own, surprise": 1.57,
    "picked": 1.29,
    "picked among": 0.00,
    "root": 0.62,
    "rooted": 0.19,
    "same name": 0.09,
    "same table": -0.16,
    "source detail": 0.16,
    "source has a name": -0.80,
    "source named own": -0.88,
    "source own": -2.54,
    "source own part": -0.61,
    "source own, a role": -1.21,
    "source sole key, weak name": -0.51,
    "source unique": -0.64,
    "source unique, larger": -2.23,
    "target first or given": 1.04,
    "target has a name": 0.76,
    "target is named and own": 0.54,
    "target named like key": -0.82,
    "target own id": 0.06,
    "target own initial": 0.52,
    "target own name": 0.56,
    "target own none": 0.10,
    "target own part": -1.61,
    "target own whole": -0.20,
    "target tiny": -0.49,
    "unnamed attribute": -0.85,
    "unnamed coverage": 0.65,
    "unnamed ending": 0.33,
    "unnamed surprise": 3.17,
    "unnamed text": 0.10,
    "unnamed, of a time": -0.23,
    "unreached": -1.73,
}

KEY: dict[str, float] = {
    "nameless": 0.10,
    "nameless, one": 0.97,
    "nameless, one: blanks": -0.49,
    "nameless, one: counts": 1.17,
    "nameless, one: few rows": -0.29,
    "nameless, one: first": 0.86,
    "nameless, one: in front": 0.86,
    "nameless, one: instant": -0.84,
    "nameless, one: long": -0.69,
    "nameless, one: moment": -0.71,
    "nameless, one: number": 0.64,
    "nameless, one: own none": 0.97,
    "nameless, one: referred to": 1.77,
    "nameless, one: referred to often": 0.92,
    "nameless, one: refers": -1.56,
    "nameless, one: share": -0.24,
    "nameless, one: skips": 1.20,
    "nameless, several": -0.87,
    "nameless, several: all that refer": 0.35,
    "nameless, several: bare": 0.72,
    "nameless, several: blanks": -1.56,
    "nameless, several: chance": -1.70,
    "nameless, several: few others": 0.73,
    "nameless, several: few rows": 0.85,
    "nameless, several: first": 0.51,
    "nameless, several: holds unique": 0.04,
    "nameless, several: in front": 2.34,
    "nameless, several: instant": 0.09,
    "nameless, several: minimal": 1.56,
    "nameless, several: more than needed, refers all": 0.15,
    "nameless, several: part of wanted": -0.65,
    "nameless, several: parts what refers together": -0.15,
    "nameless, several: period": -0.67,
    "nameless, several: plain share": -0.32,
    "nameless, several: refers all": 0.65,
    "nameless, several: refers all, pair": 0.39,
    "nameless, several: refers share": -0.09,
    "nameless, several: refers some": -0.86,
    "nameless, several: refers together": 0.82,
    "nameless, several: refers, and period": -0.04,
    "nameless, several: share": -0.20,
    "nameless, several: size": -1.46,
    "nameless, several: skips": -1.44,
    "nameless, several: small rest": 0.68,
    "nameless, several: wanted": 0.70,
    "one": 1.58,
    "one: blanks": -0.28,
    "one: counts": 1.11,
    "one: ending": 1.22,
    "one: few rows": -0.49,
    "one: first": 0.73,
    "one: in front": 0.73,
    "one: long": 0.34,
    "one: measure": -0.69,
    "one: moment": 0.00,
    "one: name": 1.15,
    "one: name of people": -0.68,
    "one: named by several": 0.15,
    "one: natural": 1.02,
    "one: number": 0.35,
    "one: own initial": 0.19,
    "one: own name": 0.46,
    "one: own none": 0.26,
    "one: own part": 0.67,
    "one: own whole": 0.01,
    "one: period": 0.61,
    "one: referred to": 1.49,
    "one: referred to often": 1.28,
    "one: refers": -1.75,
    "one: share": 0.47,
    "one: skips": 0.21,
    "one: sure ending": 0.09,
    "one: table's words": 0.57,
    "one: words of the table": 0.53,
    "several": 0.32,
    "several: all that refer": 0.89,
    "several: amounts": 0.27,
    "several: bare": 0.27,
    "several: blanks": -0.43,
    "several: chance": -0.99,
    "several: counter": 0.68,
    "several: few others": -0.14,
    "several: few rows": 0.79,
    "several: first": 0.27,
    "several: holds unique": -0.11,
    "several: in front": 1.60,
    "several: instant": -0.85,
    "several: leaves out unique key": -0.94,
    "several: minimal": 1.27,
    "several: more than needed, refers all": 0.35,
    "several: named by both": 0.31,
    "several: named by both, pair": 0.40,
    "several: part of wanted": -0.01,
    "several: parts what refers together": -1.63,
    "several: period": -0.74,
    "several: plain share": -1.79,
    "several: refers all": -0.01,
    "several: refers all, pair": 0.34,
    "several: refers share": 0.76,
    "several: refers some": -0.47,
    "several: refers together": 1.53,
    "several: refers, and counts": 0.58,
    "several: refers, and period": 0.44,
    "several: share": -0.44,
    "several: size": -0.93,
    "several: skips": -1.31,
    "several: small rest": 0.68,
    "several: table's words": 1.11,
    "several: wanted": 0.30,
    "several: words of the table": 1.34,
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
