"""Files that grow by what is changed: the lines of an append log stay, and the last with an id counts.

What the app changed is written behind them as their program would have done it. For that the ledger keeps the lines,
packed; but none of a collection with passwords, whose changes are written in their place, as a compacted log has them.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from typing import Any

from outgrow.record import Batch
from outgrow.source.style import Style
from outgrow.source.syntax import json_log
from outgrow.transfer.part import PartWork


def grows(work: PartWork) -> bool:
    """Whether a change is written behind what stands there, rather than in its place."""
    return work.syntax.name == json_log.name and not work.secrets


def lines_facts(work: PartWork, batch: Batch) -> dict[str, Any]:
    """The lines of a chunk, where they stay whatever becomes of its rows."""
    return {"log": b64encode(zlib.compress(batch.raw)).decode()} if grows(work) else {}


def grow(facts: dict[str, Any], now: bytes, style: Style) -> tuple[bytes, list[bytes]]:
    """A chunk's lines as they were, and those to append for what its records are now."""
    before = zlib.decompress(b64decode(facts["log"]))
    return before, [] if now == before else json_log.write_changes(before, now, style)
