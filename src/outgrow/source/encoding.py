"""Guesses the encoding of a text that is not UTF-8, by its letters. Every guess keeps every byte."""

from __future__ import annotations

import codecs
import re
from itertools import pairwise

CYRILLIC = ("windows-1251", "koi8-r", "cp866", "iso8859-5")
COMMON = "\u043e\u0435\u0430\u0438\u043d\u0442\u0441\u0440\u0432\u043b\u043a\u043c\u0434\u043f\u0443\u0456"
"""The commonest letters of Russian and Ukrainian."""
HIGH_RUN = re.compile(rb"[\x80-\xff]{3,}")
HIGH = re.compile(rb"[\x80-\xff]")
SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def guess_encoding(sample: bytes) -> str:
    """The encoding of a text by its start: UTF-8 unless hardly anything in it is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(sample)
    except UnicodeDecodeError:
        high, right = len(HIGH.findall(sample)), sum(map(len, SEQUENCE.findall(sample)))
        if right * 2 > high:
            return "utf-8"  # with some bytes that are wrong
        return _guess_single_byte(sample, high)
    return "utf-8"


def _guess_single_byte(sample: bytes, high: int) -> str:
    """Words of letters beyond ASCII are Cyrillic; single such letters among others are Western."""
    if sum(map(len, HIGH_RUN.findall(sample))) * 2 > high:
        return max(CYRILLIC, key=lambda encoding: _likeness(sample, encoding))
    try:
        sample.decode("windows-1252")
    except UnicodeDecodeError:
        return "iso8859-1"
    return "windows-1252"


def _likeness(sample: bytes, encoding: str) -> float:
    """How much of a text are the commonest letters, in small letters where words go on."""
    text = sample.decode(encoding, "replace")
    common = sum(text.lower().count(letter) for letter in COMMON)
    turned = sum(a.islower() and b.isupper() for a, b in pairwise(text))
    strange = len(re.findall(r"[^\x00-\u04ff]", text))
    return common - 5 * (turned + strange)
