"""Files that are a record each → collections: those of one folder or of one name, through trees of folders. Pure.

A file stands in a *bin*: its folder and the ending of its name (`posts/*.md`), or, where its name comes again in
other folders and what lies beside it is of another kind, the folder above its own and its whole name
(`plugins/*/db.php`). The files of a bin are sorted by likeness. Then bins are lifted into the folders above, where
those are of the same kind: years and letters always, others unless the folder only says that there is data.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from outgrow.source.alike import are_alike, core_of, share, sort_out
from outgrow.source.found import Found, Group
from outgrow.source.paths import (
    DRAFTS,
    MEDIA_ENDINGS,
    PARTS_ONLY,
    bare_name,
    clean,
    ending,
    hashed_key,
    is_container,
    is_text,
    parent_of,
)

GENERIC = frozenset(
    "index _index default readme data db item entry page content contents info meta main record".split()
)
"""Names of files that say nothing of what is in them."""
FEWEST_IN_ROOT = 4
MOST = 100
"""Of files that one is compared with."""
POSTS = "posts"
DATA_WORDS = ("data", "store", "records", "docs")


@dataclass
class Bin:
    """Files that may be one collection: the folder they are counted from, and their names' form (`*.md`, `*/db.php`).

    `deep`: they lie in more than one level of folders. `drafts` is the name of a folder beside, with more of them.
    """

    folder: str
    form: str
    members: list[Found]
    deep: bool = False
    drafts: str = ""

    @property
    def texts(self) -> bool:
        """Whether all are texts for people."""
        return all(is_text(member.file) for member in self.members)

    @property
    def by_name(self) -> bool:
        """Whether the files bear one name, each in a folder of its own."""
        return "/" in self.form

    @property
    def fields(self) -> list[tuple[str, ...]]:
        """The fields of each record."""
        return [member.region.fields for member in self.members]


def group_record_files(found: list[Found], root_name: str, lists: Set[str]) -> list[Group]:
    """Group files that are a record each; what fits nowhere is left out. `lists` are files that hold many records."""
    bins, alone = _sort_bins(_into_bins(found))
    bins = _lift(bins)
    bins, alone = _settle(
        bins, alone, len(lists) + len({one.file for one in found}), {parent_of(file) for file in lists}
    )
    bins = _join_drafts(bins) + _gather_texts(alone)
    return _make_groups(bins, root_name)


def _into_bins(found: list[Found]) -> list[Bin]:
    """Put each file into the bin of its folder, or into that of its name."""
    by_folder: dict[str, list[Found]] = defaultdict(list)
    by_name: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        by_folder[parent_of(one.file)].append(one)
        by_name[PurePosixPath(one.file).name].append(one)
    bins: dict[tuple[str, str], Bin] = {}
    endings = {folder: Counter(_long_ending(one.file) for one in members) for folder, members in by_folder.items()}
    forms = {one.file: f"*{_form(one.file, endings[parent_of(one.file)])}" for one in found}
    by_form: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for one in found:
        by_form[parent_of(one.file), forms[one.file]].append(one)
    for one in found:
        folder, name = parent_of(one.file), PurePosixPath(one.file).name
        place = folder, forms[one.file]
        if ".*" not in forms[one.file] and folder != "." and len(by_name[name]) > 1:
            namesakes = (each for each in by_name[name] if each is not one and parent_of(each.file) != ".")
            if not _has_like(one, by_form[place]) and any(_go_together(one, each) for each in islice(namesakes, MOST)):
                place = parent_of(folder), f"*/{name}"
        bins.setdefault(place, Bin(*place, [])).members.append(one)
    return list(bins.values())


def _form(path: str, there: Counter[str]) -> str:
    """The ending that parts a folder's files into kinds: `.md`, of several `.geo.json`, of media's texts `.*.txt`."""
    name = PurePosixPath(path).name
    longer = "" if _is_whole_name(bare_name(name)) else _long_ending(path)
    if PurePosixPath(bare_name(name)).suffix.lower() in MEDIA_ENDINGS:
        return f".*{ending(name)}"
    return longer if there[longer] > 1 and not longer.lstrip(".")[:1].isdigit() else ending(name)


def _is_whole_name(bare: str) -> bool:
    """Whether a dot within a name parts nothing of a kind: that of an address, or between a date and a slug."""
    return "@" in bare or re.fullmatch(r"[\d._-]+", bare.rpartition(".")[0]) is not None


def _long_ending(path: str) -> str:
    """A name's ending with the part before it: `.geo.json`; only the ending, where that part is the whole name."""
    name = PurePosixPath(path).name
    return PurePosixPath(bare_name(name)).suffix + ending(name)


def _has_like(one: Found, beside: Iterable[Found]) -> bool:
    """Whether a file of another name in the same folder is of the same kind."""
    return any(other is not one and _alike(one, other) for other in islice(beside, MOST))


def _alike(one: Found, other: Found) -> bool:
    if is_text(one.file):
        return bool(set(one.region.fields) & set(other.region.fields))
    return share(one.region.fields, other.region.fields) >= 0.5


def _go_together(one: Found, other: Found) -> bool:
    """Whether two files of one name are of one kind: alike, or of sibling folders and texts."""
    siblings = parent_of(parent_of(one.file)) == parent_of(parent_of(other.file))
    if is_text(one.file):
        return siblings or _stem(one).lower() not in GENERIC or bool(set(one.region.fields) & set(other.region.fields))
    return siblings or share(one.region.fields, other.region.fields) >= 0.5


def _stem(one: Found) -> str:
    return bare_name(PurePosixPath(one.file).name)


def _sort_bins(bins: list[Bin]) -> tuple[list[Bin], list[Found]]:
    """Part each bin into what is of one kind and the rest."""
    sorted_bins, alone = [], []
    for each in bins:
        counted = all(member.stem.isdigit() or hashed_key(member.stem) for member in each.members)
        if each.by_name or counted:
            sorted_bins.append(each)
            continue
        found = sort_out(each.fields, texts=each.texts)
        if found.together:
            sorted_bins.append(Bin(each.folder, each.form, [each.members[place] for place in found.together]))
        alone += [each.members[place] for place in found.alone]
    return sorted_bins, alone


def _lift(bins: list[Bin]) -> list[Bin]:
    """Put bins together that lie in folders of one kind, from the deepest folders up."""
    known = {(each.folder, each.form): each for each in _join_cousins(bins)}
    depth = max((each.folder.count("/") + 1 for each in bins if each.folder != "."), default=0)
    for level in range(depth, 0, -1):
        deep = [each for each in known.values() if each.folder != "." and each.folder.count("/") + 1 == level]
        by_parent: dict[tuple[str, str], list[Bin]] = defaultdict(list)
        for each in deep:
            by_parent[parent_of(each.folder), each.form].append(each)
        for (parent, form), children in by_parent.items():
            above = known.get((parent, form))
            lifted = [each for each in children if _belongs_above(each, parent, above, children)]
            if not lifted or (len(lifted) == 1 and above is None and not _only_parts(lifted[0].folder)):
                continue
            for each in lifted:
                del known[each.folder, each.form]
            members = [member for each in [*([above] if above else []), *lifted] for member in each.members]
            known[parent, form] = Bin(parent, form, sorted(members, key=lambda member: member.file), deep=True)
    return list(known.values())


def _only_parts(folder: str) -> bool:
    """Whether a folder without another of its kind still only parts its files; in the root a letter is a name."""
    return PARTS_ONLY.fullmatch(_name(folder)) is not None and not (len(folder) == 1 and folder.isalpha())


def _join_cousins(bins: list[Bin]) -> list[Bin]:
    """Put texts together whose folders bear one name in many: `ann/general/post/*.md`, `bob/news/post/*.md`."""
    cousins: dict[tuple[int, str, str], list[Bin]] = defaultdict(list)
    for each in bins:
        if each.texts and not each.by_name and each.folder != "." and not PARTS_ONLY.fullmatch(_name(each.folder)):
            cousins[each.folder.count("/"), _name(each.folder), each.form].append(each)
    places = {(each.folder, each.form) for each in bins}
    for (_, _, form), found in cousins.items():
        above = _common_folder([member.file for each in found for member in each.members])
        if len({parent_of(each.folder) for each in found}) < 2 or above == "." or (above, form) in places:
            continue
        members = sorted((member for each in found for member in each.members), key=lambda member: member.file)
        bins = [each for each in bins if each not in found] + [Bin(above, form, members, deep=True)]
        places.add((above, form))
    return bins


def _belongs_above(each: Bin, parent: str, above: Bin | None, siblings: list[Bin]) -> bool:
    """Whether a folder only parts a collection: by its name, or as it lies in one of the same kind."""
    others = [*([above] if above else []), *(other for other in siblings if other is not each)]
    alike = any(are_alike(each.fields, other.fields, texts=each.texts) for other in others)
    if PARTS_ONLY.fullmatch(_name(each.folder)):
        return alike or not others
    if above is not None and _is_page_above(each, above) and not is_container(parent):
        return alike
    return alike and (not is_container(parent) or (each.by_name and _says_kind(each)))


def _says_kind(each: Bin) -> bool:
    """Whether the files' one name says what they are, wherever they lie."""
    return bare_name(each.form.rpartition("/")[2]).lower() not in GENERIC


def _is_page_above(each: Bin, above: Bin) -> bool:
    """Whether a folder's name is also that of a file beside it: `about.md` and `about/team.md`."""
    return not each.by_name and any(
        parent_of(member.file) == parent_of(each.folder) and member.stem == _name(each.folder)
        for member in above.members
    )


def _name(folder: str) -> str:
    return PurePosixPath(folder).name


def _settle(bins: list[Bin], alone: list[Found], files: int, with_lists: Set[str]) -> tuple[list[Bin], list[Found]]:
    """Leave single files to themselves, unless their path speaks of more; and those in the root, unless of one kind.

    A single file beside ones `with_lists` of records is no record itself, whatever the folder is called.
    """
    settled: list[Bin] = []
    for each in bins:
        single = len(each.members) == 1 and (each.folder in with_lists or not _is_first_of_many(each))
        if single or (each.folder == "." and not each.by_name and not _is_root_kind(each, files)):
            alone = [*alone, *each.members]
        else:
            settled.append(each)
    return _join_forms(settled), alone


def _is_first_of_many(each: Bin) -> bool:
    """Whether a single file lies where there might be more of its kind: its name counts, or its folder says so."""
    if each.folder == "." or each.by_name:
        return False
    stem, folder = each.members[0].stem, clean(_name(each.folder)).lower()
    if stem.isdigit():
        return True
    if is_container(each.folder) or clean(stem).lower() in (*GENERIC, folder):
        return False
    return folder.endswith("s") and not PARTS_ONLY.fullmatch(folder)


def _is_root_kind(each: Bin, all_files: int) -> bool:
    """Whether files in the root are records of one kind: then they are all, or most, or texts."""
    count = len(each.members)
    return each.texts or each.deep or count == all_files or (count >= FEWEST_IN_ROOT and 2 * count > all_files)


def _join_forms(bins: list[Bin]) -> list[Bin]:
    """Put bins of one folder together that differ only in how their files end, and bundles to the files beside them."""
    joined: list[Bin] = []
    for each in bins:
        for place, other in enumerate(joined):
            if each.folder == other.folder and _may_join(each, other):
                members = sorted([*other.members, *each.members], key=lambda member: member.file)
                deep = each.deep or other.deep or each.by_name or other.by_name
                joined[place] = Bin(each.folder, "*", members, deep)
                break
        else:
            joined.append(each)
    return joined


def _join_drafts(bins: list[Bin]) -> list[Bin]:
    """Put drafts to what they are to become, in the one folder beside theirs that holds the like."""
    for each in [each for each in bins if _name(each.folder).lower() in DRAFTS]:
        beside = [other for other in bins if _may_become(each, other)]
        named = [other for other in beside if clean(_name(other.folder)).lower() == POSTS]
        for other in named or beside if len(named or beside) == 1 else ():
            members = sorted([*other.members, *each.members], key=lambda member: member.file)
            deep = other.deep or each.deep
            joined = Bin(other.folder, other.form, members, deep, drafts=_name(each.folder))
            bins = [one for one in bins if one is not each and one is not other] + [joined]
    return bins


def _may_become(drafts: Bin, other: Bin) -> bool:
    """Whether drafts may be of a folder's kind: it lies beside theirs, and its files are written and made alike."""
    beside = other.folder != "." and parent_of(other.folder) == parent_of(drafts.folder)
    same = (other.form, other.texts, other.drafts) == (drafts.form, drafts.texts, "")
    return other is not drafts and beside and same and are_alike(drafts.fields, other.fields, texts=drafts.texts)


def _may_join(one: Bin, other: Bin) -> bool:
    if {one.texts, other.texts} != {one.texts} or not are_alike(one.fields, other.fields):
        return False
    if one.by_name and other.by_name:
        return False
    if any(each.by_name and _says_kind(each) for each in (one, other)):
        return False
    if any(".*" in each.form for each in (one, other)):
        return False
    stems = Counter(_key_under(each.folder, member.file) for each in (one, other) for member in each.members)
    return stems.most_common(1)[0][1] == 1


def _key_under(folder: str, file: str) -> str:
    return bare_name(file if folder == "." else file[len(folder) + 1 :])


def _gather_texts(alone: list[Found]) -> list[Bin]:
    """Texts for people that are left are the pages of the folder that they all lie in."""
    texts = [one for one in alone if is_text(one.file)]
    kinds: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for one in texts:
        kinds[_top_of(one.file), one.syntax].append(one)
    bins = []
    for (top, _), members in kinds.items():
        core = core_of([member.region.fields for member in members])
        fitting = [member for member in members if core & set(member.region.fields)]
        if len(fitting) > 1:
            for member in fitting:
                alone.remove(member)
            folder = _common_folder([member.file for member in fitting]) or top
            bins.append(Bin(folder, "*", fitting, deep=True))
    return bins


def _top_of(path: str) -> str:
    """The outermost folder of a path below those that only hold data."""
    folders = PurePosixPath(path).parts[:-1]
    return folders[0] if folders else "."


def _common_folder(paths: list[str]) -> str:
    parts = [PurePosixPath(path).parts[:-1] for path in paths]
    common = []
    for names in zip(*parts, strict=False):
        if len(set(names)) > 1:
            break
        common.append(names[0])
    return "/".join(common) or "."


def _make_groups(bins: list[Bin], root_name: str) -> list[Group]:
    """Name the bins, and say by a pattern which files they are of."""
    forms = Counter((each.folder, each.by_name) for each in bins)
    at = Counter(each.folder for each in bins)
    groups = []
    for each in sorted(bins, key=lambda each: each.members[0].file):
        start = "" if each.folder == "." else f"{each.folder}/"
        if each.drafts:
            above = start[: -len(_name(each.folder)) - 1]
            start = f"{above}{{{each.drafts},{_name(each.folder)}}}/"
        star = "**" if each.deep else "*"
        whole = not each.by_name and forms[each.folder, False] == 1 and ".*" not in each.form and not _is_longer(each)
        tail = each.form[1:] if each.by_name or not whole else ""
        source = f"{start}{star}{tail}" if each.deep else f"{start}*{tail}"
        groups.append(Group(source, _name_of(each, root_name, at[each.folder]), each.members, keyed=True))
    return groups


def _is_longer(each: Bin) -> bool:
    """Whether a bin is of some of a folder's files only, by what their names end with."""
    form = each.form.removeprefix("*")
    return form not in ("", ending(f"x{form}"))


def _name_of(each: Bin, root_name: str, beside: int) -> str:
    """A collection's name: the folder's, or the files' where that says more."""
    folder = _folder_name(each.folder) if each.folder != "." else clean(root_name) or "records"
    stem = bare_name(each.form.rpartition("/")[2]) if each.by_name else ""
    if ".*" in each.form:
        return f"{folder}_files"
    if stem and stem.lower() not in GENERIC and (beside > 1 or is_container(each.folder) or each.deep):
        return stem
    if each.texts and is_container(each.folder) and not each.by_name:
        return "pages"
    extra = ""
    if not each.by_name and _is_longer(each):
        extra = each.form.removeprefix("*").removesuffix(ending(f"x{each.form[1:]}")).strip(".")
    return "_".join(part for part in (folder, extra) if part)


def _folder_name(folder: str) -> str:
    """The name of the collection a folder holds: the folder's, unless that only says that there is data."""
    parts = [part for part in PurePosixPath(folder).parts if part.lower() not in DATA_WORDS]
    return clean(parts[-1] if parts else PurePosixPath(folder).name)
