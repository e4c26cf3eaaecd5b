"""A code review tool on NeDB: a line for each record, people by user name in some files and by _id in others."""

from typing import Any

from store_files import File, lines, node
from store_words import Words

Record = dict[str, Any]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
PATHS = (
    "src/index.js src/api/routes.js src/db.js src/ui/Button.vue src/ui/Table.vue lib/diff.js test/diff.test.js"
    " README.md package.json docker/Dockerfile docs/setup.md src/auth.js"
).split()
VERBS = "Fix Add Remove Refactor Speed-up Document Test Rename Simplify Upgrade".split()
THINGS = (
    "login redirect|diff view|webhook retries|session expiry|flaky test|date parsing|table sorting|CSV export|"
    "dark theme|build cache|rate limit|error page|mail templates|search index|avatar upload"
).split("|")
RUNNERS = (("ci-linux", "linux", 6), ("ci-mac", "darwin", 2), ("ci-win", "win32", 2))
KEYS = ["CORE", "WEB", "DOCS", "CLI", "INFRA", "IOS", "LABS"]
LABELS = ["bug", "feature", "chore", "security", "docs", "breaking"]


def ident(w: Words) -> str:
    """As NeDB makes an `_id`: 16 letters and digits."""
    return "".join(w.some(LETTERS) for _ in range(16))


def make(w: Words) -> list[File]:
    users = make_users(w)
    names = [each["username"] for each in users[:24]]
    projects = make_projects(w, names)
    changes = make_changes(w, projects)
    patchsets = make_patchsets(w, changes)
    comments = make_comments(w, users, patchsets)
    reactions = make_reactions(w, users, changes, comments)
    runners = make_runners(w)
    builds = make_builds(w, patchsets, runners)
    webhooks = make_webhooks(w, names, projects)
    homes = [w.ip() for _ in range(35)]
    sessions = make_sessions(w, users, homes)
    return [
        lines("users.db", users),
        lines("projects.db", projects),
        lines("changes.db", changes),
        lines("patchsets.db", patchsets),
        lines("comments.db", comments),
        lines("reactions.db", reactions),
        node("runners.json", runners),
        lines("builds.db", builds),
        lines("webhooks.db", webhooks),
        node("sessions.json", sessions),
    ]


def make_users(w: Words) -> list[Record]:
    users = []
    for n in range(27):
        name = w.person()
        users.append(
            {
                "username": w.username(),
                "email": w.email(name),
                "fullName": name,
                "passwordHash": w.bcrypt(),
                "isAdmin": n < 2,
                "settings": {
                    "theme": w.some(["light", "dark", "system"]),
                    "emailOnReview": w.chance(0.7),
                    "tabSize": w.some([2, 2, 4, 8]),
                },
                "createdAt": w.unix_ms(),
                "_id": ident(w),
            }
        )
    return users


def make_projects(w: Words, names: list[str]) -> list[Record]:
    projects = []
    for key in KEYS:
        team = w.few(names, 12, 4)
        projects.append(
            {
                "key": key,
                "name": w.name(),
                "owner": team[0],
                "defaultBranch": w.some(["main", "main", "master"]),
                "members": [{"user": user, "role": w.some(["dev", "dev", "maintainer", "guest"])} for user in team],
                "labels": [{"name": label, "color": f"#{w.hex(6)}"} for label in w.few(LABELS, 5, 2)],
                "archived": key == "LABS",
                "_id": ident(w),
            }
        )
    return projects


def make_changes(w: Words, projects: list[Record]) -> list[Record]:
    changes: list[Record] = []
    last = dict.fromkeys(KEYS, 0)
    for _ in range(170):
        project = w.skewed(projects)
        team = [member["user"] for member in project["members"]]
        author = w.skewed(team)
        last[project["key"]] += w.some([1, 1, 1, 1, 2])
        state = w.some(["merged", "merged", "merged", "open", "open", "abandoned", "draft"])
        made = w.unix_ms()
        before = [each["_id"] for each in changes if each["project"] == project["key"]]
        change = {
            "project": project["key"],
            "number": last[project["key"]],
            "title": f"{w.some(VERBS)} {w.some(THINGS)}",
            "author": author,
            "assignee": w.maybe(w.some(team), 0.6),
            "reviewers": w.few([user for user in team if user != author], 3),
            "state": state,
            "branch": f"{w.some(['fix', 'feat', 'wip'])}/{w.words(1, 2).replace(' ', '-')}",
            "dependsOn": w.some(before) if before and w.chance(0.18) else None,
            "labels": w.few([label["name"] for label in project["labels"]], 2),
            "approvedBy": None,
            "createdAt": made,
            "updatedAt": made + w.number(1000, 900_000_000),
            "_id": ident(w),
        }
        if w.chance(0.6):
            change["description"] = w.text(4)
        if state == "merged":
            change["approvedBy"] = w.some([user for user in team if user != author])
            change["approvedAt"] = made + w.number(60_000, 800_000_000)
        changes.append(change)
    return changes


def make_patchsets(w: Words, changes: list[Record]) -> list[Record]:
    return [
        {
            "changeId": change["_id"],
            "no": no,
            "commit": w.sha1(),
            "uploader": change["author"],
            "files": [
                {"path": path, "added": w.number(0, 160), "removed": w.number(0, 90)} for path in w.few(PATHS, 5, 1)
            ],
            "createdAt": change["createdAt"] + no * w.number(1000, 90_000_000),
            "_id": ident(w),
        }
        for change in changes
        for no in range(1, w.some([1, 1, 2, 2, 3, 4]) + 1)
    ]


def make_comments(w: Words, users: list[Record], patchsets: list[Record]) -> list[Record]:
    comments: list[Record] = []
    for _ in range(380):
        patchset = w.skewed(patchsets)
        user = w.some(users[:24])
        inline = w.chance(0.7)
        comment = {
            "changeId": patchset["changeId"],
            "patchset": patchset["_id"],
            "author": {"_id": user["_id"], "username": user["username"]},
            "file": w.some(patchset["files"])["path"] if inline else None,
            "line": w.number(1, 400) if inline else None,
            "body": w.some([w.sentence(), w.text(3)]),
            "resolved": w.chance(0.5),
            "createdAt": patchset["createdAt"] + w.number(1000, 200_000_000),
            "_id": ident(w),
        }
        same = [each["_id"] for each in comments if each["changeId"] == comment["changeId"]]
        if same and w.chance(0.5):
            comment["parent"] = w.some(same)
        comments.append(comment)
    return comments


def make_reactions(w: Words, users: list[Record], changes: list[Record], comments: list[Record]) -> list[Record]:
    reactions = []
    for _ in range(140):
        kind, target = w.some([("comment", comments), ("comment", comments), ("change", changes)])
        reactions.append(
            {
                "user": w.some(users)["_id"],
                "targetType": kind,
                "targetId": w.skewed(target)["_id"],
                "emoji": w.some([":+1:", ":+1:", ":heart:", ":eyes:", ":tada:"]),
                "_id": ident(w),
            }
        )
    return reactions


def make_runners(w: Words) -> list[Record]:
    return [
        {
            "name": f"{host}-{n:02d}",
            "token": w.hex(40),
            "os": system,
            "cores": w.some([2, 4, 8, 16]),
            "tags": w.few(["node18", "node20", "docker", "arm64", "gpu"], 3, 1),
            "lastSeen": w.iso_time(),
        }
        for host, system, most in RUNNERS
        for n in range(1, most + 1)
    ]


def make_builds(w: Words, patchsets: list[Record], runners: list[Record]) -> list[Record]:
    builds: list[Record] = []
    for n in range(300):
        patchset = w.some(patchsets)
        old = w.some(builds) if len(builds) > 20 and w.chance(0.1) else None
        build = {
            "patchsetId": ident(w) if n in (77, 203, 204) else (old or {}).get("patchsetId", patchset["_id"]),
            "runner": w.skewed(runners)["name"],
            "status": w.some(["passed", "passed", "passed", "failed", "cancelled"]),
            "durationMs": w.number(4_000, 1_400_000),
            "startedAt": w.unix_ms(),
            "env": {
                name: value
                for name, value in (("NODE_VERSION", w.some(["18", "20"])), ("CI", "true"), ("SHARD", "1/2"))
                if w.chance(0.7)
            },
            "_id": ident(w),
        }
        if old:
            build["retryOf"] = old["_id"]
        builds.append(build)
    return builds


def make_webhooks(w: Words, names: list[str], projects: list[Record]) -> list[Record]:
    return [
        {
            "project": w.some(projects)["_id"],
            "url": f"https://hooks.example/{w.hex(8)}",
            "secret": w.hex(24),
            "events": w.few(["change.created", "change.merged", "comment", "build.failed"], 4, 1),
            "active": w.chance(0.85),
            "createdBy": w.some(names),
            "_id": ident(w),
        }
        for _ in range(14)
    ]


def make_sessions(w: Words, users: list[Record], homes: list[str]) -> dict[str, Record]:
    return {
        w.nano_id(32): {
            "uid": w.skewed(users)["_id"],
            "expires": w.unix_ms(),
            "ip": w.some(homes),
            "agent": w.some(["Firefox/121", "Chrome/120", "Safari/17", "cli/2.3"]),
        }
        for _ in range(60)
    }
