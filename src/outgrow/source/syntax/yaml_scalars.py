"""Texts as YAML scalars: which may stand without quotes, which a program puts into them, and how they are escaped."""

from __future__ import annotations

import re

from outgrow.source.syntax.yaml_values import plain_value

STARTS_WRONG = re.compile(r"[\s,\[\]{}#&*!|>'\"%@`]|[-?:](?:\s|$)|---|\.\.\.|=$|<<$")
WITHIN_WRONG = re.compile(r":(?:\s|$)|\s#|\s$|[\x00-\x1f\x7f\ufeff\x85\u2028\u2029\ud800-\udfff]")
FLOW_WRONG = re.compile(r"[,\[\]{}]|:$|^[-?:]")
# What a reader of YAML 1.1, or a hasty one, takes for a boolean, a number or a date.
AMBIGUOUS = re.compile(
    r"(?i:y|n|yes|no|on|off)|[-+]?(?:\.[0-9]+|[0-9][0-9_,]*\.?[0-9_]*)(?:[eE][-+]?[0-9]+)?|[-+]?0[xXoObB][0-9a-fA-F_]+|"
    r"[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?|[-+]?\.(?i:inf|nan)|"
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ][0-9:., Zz+-]*)?"
)
SYMFONY = re.compile(r"[\s'\":{}\[\],&*#?]|^[-?|<>=!%@`]|^$")
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", "\x1b": "\\e", "\b": "\\b"}
ESCAPED = re.compile(r"[\"\\\x00-\x1f\x7f\ufeff\x85\u2028\u2029\ud800-\udfff]")
NOT_ASCII = re.compile("[^\x00-\x7f\ue000-\ue0ff]")
"""What may be escaped beyond ASCII; the letters that the reader uses for bytes never are."""
UNQUOTABLE = re.compile(r"[\x00-\x1f\x7f\ufeff\x85\u2028\u2029\ud800-\udfff]")


def must_quote(text: str, *, flow: bool = False) -> bool:
    """Whether a text without quotes would be read as something else."""
    if STARTS_WRONG.match(text) or WITHIN_WRONG.search(text) or (flow and FLOW_WRONG.search(text)):
        return True
    return not isinstance(plain_value(text), str)


def choose(text: str, rule: str, quote: str, *, flow: bool = False) -> str:
    """How a program that goes by a rule writes a text: `p` for plain, else a quote, or `|` for several lines."""
    if "\n" in text and not flow and is_block(text):
        return "|"
    if UNQUOTABLE.search(text):
        return '"'
    if rule == "all" or must_quote(text, flow=flow or rule == "flow") or AMBIGUOUS.fullmatch(text):
        return quote
    return quote if rule == "symfony" and SYMFONY.search(text) else "p"


def is_block(text: str) -> bool:
    """Whether a text can stand as a block of lines that gives it again."""
    inner = text.removesuffix("\n")
    if not inner or inner[0] in " \n\t" or inner[-1] in " \n\t":
        return False
    return not UNQUOTABLE.search(inner.replace("\n", "").replace("\t", ""))


def quoted(text: str, quote: str, *, ascii_only: bool = False) -> str:
    """A text in quotes; in single ones only if nothing in it needs an escape."""
    if quote == "'" and not UNQUOTABLE.search(text) and not (ascii_only and NOT_ASCII.search(text)):
        return "'" + text.replace("'", "''") + "'"
    inner = ESCAPED.sub(lambda match: ESCAPES.get(match[0]) or _escape(match[0]), text)
    if ascii_only:
        inner = NOT_ASCII.sub(lambda match: _escape(match[0]), inner)
    return f'"{inner}"'


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
