"""What a key is called that has no name in the source: the key in a map, the name of a file.

By what the keys look like, since that is what a person would go by: `kyiv-in-winter` is a slug, `DYN` a code,
`65a1f0c2b3d4e` an id that a program made up.
"""

from __future__ import annotations

from collections.abc import Container, Set

from outgrow.schema.profile import FieldProfile

OTHERWISE = "key"


def name_key(key: FieldProfile, taken: Container[str], *, account: bool) -> str:
    """The first name that fits the keys and isn't a column's."""
    forms = key.forms if key.texts else set()
    return next((name for name in _names(forms, account=account) if name not in taken), OTHERWISE)


def _names(forms: Set[str], *, account: bool) -> tuple[str, ...]:
    if "email" in forms:
        return ("email",)
    if forms & {"uuid", "hex"}:
        return ("id", "uid")
    if account:
        return ("username",)
    if "date" in forms:
        return ("date", "day")
    if "code" in forms:
        return ("code",)
    return ("name",) if "capital" in forms else ("slug",)
