"""A to-do app in Node: camelCase, nano ids, labels named in lists, subtasks and comments within the task."""

from store_files import File, node
from store_words import Words


def make(w: Words) -> list[File]:
    users = [
        {
            "id": w.nano_id(),
            "name": w.person(),
            "email": w.email(),
            "avatarUrl": f"https://cdn.example/a/{n}.png",
            "createdAt": w.iso_time(),
        }
        for n in range(14)
    ]
    people = [each["id"] for each in users]
    labels = [
        {"name": name, "color": f"#{w.hex(6)}"}
        for name in ("bug", "idea", "urgent", "home", "shopping", "later", "phone", "garden")
    ]
    projects = [
        {
            "id": w.nano_id(),
            "name": w.name(),
            "color": f"#{w.hex(6)}",
            "ownerId": w.some(people),
            "memberIds": w.few(people, 5, 1),
            "archived": w.chance(0.2),
            "createdAt": w.iso_time(),
        }
        for _ in range(11)
    ]
    tasks = []
    for number in range(160):
        done = w.chance(0.5)
        task = {
            "id": w.nano_id(),
            "projectId": w.some(projects)["id"],
            "title": w.title(),
            "notes": w.maybe(w.text(2), 0.4, ""),
            "done": done,
            "priority": w.number(1, 3),
            "dueDate": w.maybe(w.iso_day(), 0.5),
            "assigneeId": w.some(people) if w.chance(0.7) else None,
            "createdBy": w.some(people),
            "labels": [each["name"] for each in w.few(labels, 3)],
            "subtasks": [{"title": w.words(), "done": w.chance(0.5)} for _ in range(w.some([0, 0, 2, 3]))],
            "comments": [
                {"userId": w.some(people), "text": w.sentence(), "at": w.iso_time()}
                for _ in range(w.some([0, 0, 1, 2]))
            ],
            "order": number,
            "createdAt": w.iso_time(),
        }
        if done:
            task["completedAt"] = w.iso_time()
        tasks.append(task)
    sessions = [{"token": w.nano_id(24), "userId": w.some(people), "expires": w.unix_ms()} for _ in range(9)]
    return [
        node("users.json", users),
        node("labels.json", labels),
        node("projects.json", projects),
        node("tasks.json", tasks),
        node("sessions.json", sessions),
    ]
