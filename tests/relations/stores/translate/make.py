"""A place where volunteers translate programs, Node with NeDB: a file of lines each, `_id`s beside logins and codes."""

from typing import Any

from store_files import File, lines
from store_words import Words, slug

Record = dict[str, Any]

LANGUAGES = {
    "en": ("English", "English", 2),
    "de": ("German", "Deutsch", 2),
    "fr": ("French", "français", 2),
    "uk": ("Ukrainian", "українська", 3),
    "pl": ("Polish", "polski", 3),
    "pt-BR": ("Brazilian Portuguese", "português", 2),
    "ar": ("Arabic", "العربية", 6),
    "he": ("Hebrew", "עברית", 2),
    "ja": ("Japanese", "日本語", 1),
    "cs": ("Czech", "čeština", 3),
    "nl": ("Dutch", "Nederlands", 2),
    "sv": ("Swedish", "svenska", 2),
    "zh-TW": ("Chinese (Taiwan)", "繁體中文", 1),
    "eo": ("Esperanto", "Esperanto", 2),
}


def ident(w: Words) -> str:
    """As NeDB makes an `_id`: 16 letters and digits."""
    return w.nano_id(16).replace("_", "k").replace("-", "Q")


def make(w: Words) -> list[File]:
    languages = [
        {"_id": code, "name": name, "native": native, "rtl": code in ("ar", "he"), "plurals": plurals}
        for code, (name, native, plurals) in LANGUAGES.items()
    ]
    codes = [code for code in LANGUAGES if code not in ("en", "eo")]
    users = make_users(w, codes)
    people = [u["_id"] for u in users]
    logins = w.few([u["login"] for u in users], 64, 64)
    roles = make_roles(w)
    projects = make_projects(w, codes, people)
    memberships = make_memberships(w, people, projects)
    strings = make_strings(w, projects)
    used = w.few([s["_id"] for s in strings], 245, 245)
    wanted = {p["_id"]: p["languages"] for p in projects}
    home = {s["_id"]: s["project"] for s in strings}
    translations = make_translations(w, logins, used, wanted, home)
    comments = make_comments(w, logins, used)
    glossary = make_glossary(w, codes, logins, projects)
    apikeys = make_apikeys(w, people)
    activity = make_activity(w, logins, projects, strings, translations, comments)
    return [
        lines("users.db", users),
        lines("languages.db", languages),
        lines("roles.db", roles),
        lines("projects.db", projects),
        lines("memberships.db", memberships),
        lines("strings.db", strings),
        lines("translations.db", translations),
        lines("comments.db", comments),
        lines("glossary.db", glossary),
        lines("apikeys.db", apikeys),
        lines("activity.db", activity),
    ]


def make_users(w: Words, codes: list[str]) -> list[Record]:
    return [
        {
            "login": w.username(),
            "email": w.email(),
            "passwordHash": w.bcrypt().replace("$2y$", "$2b$"),
            "speaks": w.few(codes, 3, 1),
            "blocked": w.chance(0.04),
            "created": w.unix_ms(),
            "_id": ident(w),
        }
        for _ in range(64)
    ]


def make_roles(w: Words) -> list[Record]:
    return [
        {"name": name, "can": can, "_id": ident(w)}
        for name, can in [
            ("manager", ["invite", "review", "translate", "export"]),
            ("reviewer", ["review", "translate"]),
            ("translator", ["translate"]),
            ("guest", []),
        ]
    ]


def make_projects(w: Words, codes: list[str], people: list[str]) -> list[Record]:
    projects = []
    for _ in range(16):
        name = w.name()
        project = {
            "slug": slug(name),
            "name": name,
            "owner": w.some(people[:20]),
            "sourceLanguage": w.some(["en", "en", "en", "de"]),
            "languages": w.few([c for c in codes if c != "de"], 7, 2),
            "public": w.chance(0.8),
            "created": w.unix_ms(),
            "_id": ident(w),
        }
        if w.chance(0.7):
            project["repo"] = f"https://git.example.org/{slug(name)}.git"
        projects.append(project)
    return projects


def make_memberships(w: Words, people: list[str], projects: list[Record]) -> list[Record]:
    return [
        {
            "project": project["_id"],
            "user": user,
            "role": w.some(["translator"] * 6 + ["reviewer", "reviewer", "manager"]),
            "since": w.unix_ms(),
            "_id": ident(w),
        }
        for project in projects
        for user in w.few([p for p in people if p != project["owner"]], 12, 2)
    ]


def make_strings(w: Words, projects: list[Record]) -> list[Record]:
    strings = []
    for _ in range(260):
        project = w.skewed(projects[:14], 1.8)
        string = {
            "project": project["_id"],
            "key": w.fresh(lambda: ".".join(w.words(2, 3).split())),
            "text": w.sentence() if w.chance(0.6) else w.words(1, 3).capitalize(),
            "plural": w.chance(0.1),
        }
        if w.chance(0.3):
            string["context"] = w.text(2)
        if w.chance(0.2):
            string["maxLength"] = w.some([12, 20, 40, 80])
        strings.append({**string, "_id": ident(w)})
    return strings


def make_translations(
    w: Words, logins: list[str], used: list[str], wanted: dict[str, list[str]], home: dict[str, str]
) -> list[Record]:
    translations: list[Record] = []
    for string in used:
        for language in w.few(wanted[home[string]], 3):
            state = w.some(["draft", "proposed", "approved", "approved"])
            translations.append(
                {
                    "string": string,
                    "language": language,
                    "text": w.sentence(),
                    "by": "old.account" if len(translations) in (40, 199) else w.skewed(logins, 1.8),
                    "state": state,
                    "reviewedBy": w.some(logins[:15]) if state == "approved" else None,
                    "votes": {login: w.some([1, 1, -1]) for login in w.few(logins, 5)} if w.chance(0.4) else {},
                    "at": w.unix_ms(),
                    "_id": ident(w),
                }
            )
    return translations


def make_comments(w: Words, logins: list[str], used: list[str]) -> list[Record]:
    comments: list[Record] = []
    for _ in range(140):
        answered = w.some(comments) if len(comments) > 10 and w.chance(0.4) else None
        comments.append(
            {
                "string": answered["string"] if answered else w.some(used),
                "author": w.skewed(logins, 1.8),
                "parent": answered["_id"] if answered else None,
                "body": w.text(3),
                "mentions": w.few(logins, 2) if w.chance(0.3) else [],
                "at": w.unix_ms(),
                "_id": ident(w),
            }
        )
    return comments


def make_glossary(w: Words, codes: list[str], logins: list[str], projects: list[Record]) -> list[Record]:
    return [
        {
            "project": w.skewed(projects, 1.8)["_id"],
            "term": w.words(1, 2),
            "definition": w.maybe(w.sentence(), 0.6, ""),
            "in": {code: w.words(1, 2) for code in w.few(codes, 4)},
            "addedBy": w.some(logins),
            "_id": ident(w),
        }
        for _ in range(75)
    ]


def make_apikeys(w: Words, people: list[str]) -> list[Record]:
    return [
        {
            "secret": w.hex(40),
            "user": w.some(people),
            "label": w.some(["ci", "cli", "test", "weblate sync", "laptop"]),
            "scopes": w.few(["read", "write", "export"], 3, 1),
            "created": w.unix_ms(),
            "lastUsed": w.maybe(w.unix_ms(), 0.7),
            "_id": ident(w),
        }
        for _ in range(28)
    ]


def make_activity(
    w: Words,
    logins: list[str],
    projects: list[Record],
    strings: list[Record],
    translations: list[Record],
    comments: list[Record],
) -> list[Record]:
    activity = []
    for _ in range(230):
        kind = w.some(["string", "translation", "comment", "project"])
        subjects = {"string": strings, "translation": translations, "comment": comments, "project": projects}[kind]
        activity.append(
            {
                "actor": w.skewed(logins, 1.8),
                "verb": w.some(["created", "changed", "removed"]),
                "subjectType": kind,
                "subjectId": w.some(subjects)["_id"],
                "at": w.unix_ms(),
                "_id": ident(w),
            }
        )
    return activity
