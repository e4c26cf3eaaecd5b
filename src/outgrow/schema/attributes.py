"""The attributes that a reference gives to the classes on both of its sides, named by the role.

`user_id` gives `post.user` and `user.posts`; a column that is itself called after its role (`author`) takes
the key's name behind it (`author_username`) and leaves the short name to the relationship. The first reference
of a table to another owns the plain back name; further ones say their role (`posts_as_editor`). In an
association, the back names lead straight to the other side (`post.tags`, `tag.posts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outgrow.schema.likeness import take_apart
from outgrow.schema.model import Reference, Table
from outgrow.schema.names import attribute_name, free_name, plural, shorten, singular, snake, tokens
from outgrow.schema.words import GENERIC_LISTS, ID_WORDS, KEY_ENDINGS, SELF_ROLES, squash

LIST_ENDINGS = ("id", "ids", "key", "keys", "slug", "slugs", "uuid", "uuids")


def role_of(column: str, target: str, key: str) -> str:
    """What the other row is for this one: the column's name without the ending of a key."""
    name = take_apart(column)
    stem = "_".join(name.stem)
    if name.words == tokens(key) or squash(name.words) in ID_WORDS or not stem:
        return singular(target)
    if name.words[-1:] == tokens(key)[-1:] and name.words[-1] not in KEY_ENDINGS and len(name.words) == 2:
        return singular(target)
    if len(name.words) == 1 and name.has_ending and singular(target).endswith(stem):
        return singular(target)
    return stem


def named_after_role(column: str, role: str, key: str) -> str:
    """The column's name, with the key's behind it where the relationship needs the short one."""
    if column != role:
        return column
    words = tokens(key)
    return shorten(f"{column}_{'id' if words[-1:] == ('id',) else key}")


def list_name(path: Sequence[str]) -> str:
    """What the parent's class calls the rows of a list."""
    return plural(snake("_".join(path)))


def list_words(path: Sequence[str]) -> tuple[str, ...]:
    """What a list field says about what is in it: `tag_ids` are tags, a `list` may be anything."""
    words = tokens(path[-1])
    while words and words[-1] in LIST_ENDINGS:
        words = words[:-1]
    return () if words and words[-1] in GENERIC_LISTS else words


def association_backs(parent: str, target: str, path: Sequence[str]) -> tuple[str, str]:
    """What both sides of an association call each other: the field's name there, the parent's plural here."""
    words = list_words(path)
    there = plural("_".join(words)) if words else plural(target)
    here = f"{there}_of" if parent == target else plural(parent)
    return there, here


def with_attributes(tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables with every reference's two names free of clashes in their classes."""
    taken = {table.name: {column.name for column in table.columns} for table in tables}
    named = []
    for table in tables:
        references = []
        for reference in table.references:
            name = _free(reference.name, (f"{reference.name}_{singular(reference.table)}",), taken[table.name])
            references.append(replace(reference, name=name))
        named.append(replace(table, references=tuple(references)))
    return tuple(replace(table, references=_with_backs(table, taken)) for table in named)


def _with_backs(table: Table, taken: dict[str, set[str]]) -> tuple[Reference, ...]:
    references = []
    for number, reference in enumerate(table.references):
        further = any(each.table == reference.table for each in table.references[:number])
        wanted = reference.back or _back_of(table, reference, further=further)
        others = (f"related_{wanted}", f"{wanted}_as_{reference.name}")
        back = _free(wanted, others, taken[reference.table])
        references.append(replace(reference, back=back))
    return tuple(references)


def _back_of(table: Table, reference: Reference, *, further: bool) -> str:
    if reference.table == table.name:
        words = tokens(reference.name)
        known = SELF_ROLES.get(squash(words)) or SELF_ROLES.get(words[0])
        return known or f"{plural(table.name)}_as_{reference.name}"
    if reference.unique:
        return singular(table.name)
    return f"{plural(table.name)}_as_{reference.name}" if further else plural(table.name)


def _free(wanted: str, others: Sequence[str], taken: set[str]) -> str:
    """The first of the names that the class hasn't got yet."""
    names = [attribute_name(shorten(name)) for name in (wanted, *others)]
    name = next((name for name in names if name not in taken), None) or free_name(names[0], taken)
    taken.add(name)
    return name
