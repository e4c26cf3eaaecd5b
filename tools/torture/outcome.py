"""What a part of the torture found."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What was done, and what went wrong in it; `skipped` says why nothing was done."""

    said: str = ""
    problems: list[str] = field(default_factory=list)
    skipped: str = ""

    def expect(self, holds: object, otherwise: str) -> None:
        """Note a problem unless something holds."""
        if not holds:
            self.problems.append(otherwise)
