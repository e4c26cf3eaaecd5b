"""The attributes that a reference gives to the classes on both of its sides, named by the role.

`user_id` gives `post.user` and `user.posts`; a column that is itself called after its role (`author`) takes
the key's name behind it (`author_username`) and leaves the short name to the relationship. The first reference
of a table to another owns the plain back name; further ones say their role (`edited_posts`, `posts_as_editor`).
Where all roles are of one kind none is plain (`home_matches`, `away_matches`). In an association, the back names
lead straight to the other side (`post.tags`, `tag.posts`).
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from outgrow.schema.likeness import take_apart
from outgrow.schema.model import Reference, Table
from outgrow.schema.names import (
    attribute_name,
    free_name,
    is_participle,
    plural,
    says_owner,
    shorten,
    singular,
    snake,
    tokens,
)
from outgrow.schema.roles import ACCOUNTS, DIRECTIONS, LIKINGS, SELF_LISTS, SELF_ROLES
from outgrow.schema.words import GENERIC_LISTS, ID_WORDS, KEY_ENDINGS, KEY_NAMES, squash

LIST_ENDINGS = ("id", "ids", "key", "keys", "slug", "slugs", "uuid", "uuids")
UNSAYING = frozenset({"by", "of", "in", "at", "for", "with"})
"""As a column's whole name these say that there is a reference, and not to what."""
SHORTEST_ROLE = 3
MAIN_ROLES = frozenset(
    "author owner user creator created_by customer client account member poster person writer".split()
)
"""Of several that people play for a record, the one whose it is: `user.posts` are the ones that they wrote."""


def role_of(column: str, target: str, key: str) -> str:
    """What the other row is for this one: the column's name without the ending of a key."""
    name = take_apart(column)
    stem = tuple(word for place, word in enumerate(name.stem) if word not in name.stem[:place])
    if name.words == tokens(key) or squash(name.words) in ID_WORDS or not any(stem):
        return singular(target)
    if len(stem) == 1 and (stem[0] in UNSAYING or stem[0] in KEY_ENDINGS or stem[0] in KEY_NAMES):
        return singular(target)
    if len(stem) == 1 and stem[0] in DIRECTIONS:
        return f"{stem[0]}_{singular(target)}"
    if name.words[-1:] == tokens(key)[-1:] and name.words[-1] not in KEY_ENDINGS and len(stem) == 2:
        return singular(target) if len(stem[0]) < SHORTEST_ROLE else stem[0]
    if len(name.words) == 1 and name.has_ending and singular(target).endswith(stem):
        return singular(target)
    return "_".join(stem)


def named_after_role(column: str, role: str, key: str, taken: Container[str] = ()) -> str:
    """The column's name, with the key's behind it where the relationship needs the short one.

    A key that says the role itself stands alone: `username` for the column `user`. One that is called just as the
    relationship is would say it twice.
    """
    bare = column.rstrip("_")
    if bare != role and bare not in DIRECTIONS:
        return column
    words = tokens(key)
    if says_owner(key, bare) and key not in taken:
        return key
    return shorten(f"{bare}_{'id' if words[-1:] == ('id',) or key == bare else key}")


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
    one = singular("_".join(words))
    if one in LIKINGS and target not in (parent, plural(one)):
        return there, f"{LIKINGS[one]}_{plural(parent)}"
    if parent == target:
        return there, SELF_LISTS.get(squash(words), f"{there}_of")
    return there, "followers" if one in ("following", "followed") else plural(parent)


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
        wanted = reference.back or _back_of(table, reference, number)
        others = [f"related_{wanted}", f"{wanted}_as_{reference.name}"]
        if reference.name != singular(reference.table):
            joined = table.parent if table.kind == "association" and table.parent else table.name
            others.insert(0, _told_apart(joined, reference))
        back = _free(wanted, others, taken[reference.table])
        references.append(replace(reference, back=back))
    return tuple(references)


def _back_of(table: Table, reference: Reference, number: int) -> str:
    words = tokens(reference.name)
    if reference.table == table.name:
        known = SELF_ROLES.get(squash(words)) or SELF_ROLES.get(words[0])
        return known or _told_apart(table.name, reference)
    peers = [each.name for each in table.references if each.table == reference.table]
    further = any(each.table == reference.table for each in table.references[:number])
    plain = len(peers) == 1 or reference.name == singular(reference.table) or reference.name in MAIN_ROLES
    if further or not plain or _all_of_one_kind(peers) or _is_direction(words):
        return _told_apart(table.name, reference)
    return singular(table.name) if reference.unique else plural(table.name)


def _is_direction(words: Sequence[str]) -> bool:
    return words[0] in DIRECTIONS and len(words) <= 2


def _told_apart(table: str, reference: Reference) -> str:
    """A back name that says the role: `edited_posts`, `home_matches`, `sent_messages`, else `posts_as_editor`."""
    rows = singular(table) if reference.unique else plural(table)
    words = tokens(reference.name)
    target = tokens(singular(reference.table))
    if _is_direction(words):
        for_people, for_things = DIRECTIONS[words[0]]
        return f"{for_people if target[-1] in ACCOUNTS else for_things}_{rows}"
    if is_participle(words[0]) and len(words) == 2:
        return f"{words[0]}_{rows}"
    if reference.table == table and len(words) > 1 and words[-1] in ("of", "to", "for", "from"):
        return plural("_".join(words[:-1]))
    if words[-len(target) :] == target and len(words) > len(target):
        return f"{'_'.join(words[: -len(target)])}_{rows}"
    return f"{rows}_as_{reference.name}"


def _all_of_one_kind(roles: Sequence[str]) -> bool:
    """Whether the roles differ only in what stands before the same word (`home_team`, `away_team`)."""
    words = [tokens(role) for role in roles]
    last = {each[-1] for each in words if len(each) > 1}
    return len(words) > 1 and len(last) == 1 and all(len(each) > 1 for each in words) and last != {"by"}


def _free(wanted: str, others: Sequence[str], taken: set[str]) -> str:
    """The first of the names that the class hasn't got yet."""
    names = [attribute_name(shorten(name)) for name in (wanted, *others)]
    name = next((name for name in names if name not in taken), None) or free_name(names[0], taken)
    taken.add(name)
    return name
