"""An issue tracker in Node: keys like WEB-12, watchers, sprints, blocked issues, comments by user within the issue."""

from store_files import File, each, node
from store_words import Words


def make(w: Words) -> list[File]:
    users = {w.username(): {"fullName": w.person(), "email": w.email(), "isAdmin": w.chance(0.1)} for _ in range(18)}
    people = list(users)
    projects = {
        key: {
            "name": w.name(),
            "lead": w.some(people),
            "components": w.few(["ui", "api", "docs", "build"], 3, 1),
            "createdAt": w.iso_time(),
        }
        for key in ("WEB", "API", "OPS", "APP")
    }
    sprints = [
        {
            "id": n,
            "project": w.some(list(projects)),
            "name": f"Sprint {n}",
            "starts": w.iso_day(),
            "ends": w.iso_day(),
            "goal": w.maybe(w.sentence(), 0.6),
        }
        for n in range(1, 16)
    ]
    issues = {}
    for number in range(1, 141):
        project = w.some(list(projects))
        earlier = list(issues)
        issues[f"{project}-{number}"] = {
            "project": project,
            "summary": w.title(),
            "reporter": w.some(people),
            "assignee": w.some(people) if w.chance(0.7) else None,
            "sprintId": w.number(1, 15) if w.chance(0.6) else None,
            "epic": w.some(earlier[:8]) if earlier and w.chance(0.4) else None,
            "blockedBy": w.few(earlier, 2),
            "watchers": w.few(people, 4),
            "labels": w.few(["bug", "ux", "perf"], 2),
            "estimate": w.some([1, 2, 3, 5, 8, None]),
            "comments": [
                {"author": w.some(people), "body": w.sentence(), "at": w.iso_time()} for _ in range(w.number(0, 3))
            ],
            "createdAt": w.iso_time(),
            "resolvedAt": w.maybe(w.iso_time(), 0.4),
        }
    worklog = [
        {
            "id": w.uuid(),
            "issue": "OPS-999" if n in (4, 5) else w.some(list(issues)),
            "who": w.some(people),
            "minutes": w.number(5, 480),
            "day": w.iso_day(),
        }
        for n in range(180)
    ]
    return [
        node("users.json", users),
        node("projects.json", projects),
        node("sprints.json", sprints),
        node("worklog.json", worklog),
        *each("issues", issues),
    ]
