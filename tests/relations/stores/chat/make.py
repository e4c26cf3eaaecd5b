"""A chat in Node: messages appended line by line, times of Date.now(), mentions by user name, reactions as a map."""

from store_files import File, lines, node
from store_words import Words


def make(w: Words) -> list[File]:
    users = [
        {
            "id": f"u_{w.nano_id(8)}",
            "username": w.username(),
            "displayName": w.person(),
            "status": w.some(["online", "away", "offline"]),
            "lastSeen": w.unix_ms(),
            "settings": {"theme": w.some(["dark", "light"]), "sound": w.chance(0.5)},
        }
        for _ in range(24)
    ]
    people = [each["id"] for each in users]
    names = [each["username"] for each in users]
    rooms = [
        {
            "id": f"r_{w.nano_id(6)}",
            "name": w.name(),
            "topic": w.maybe(w.sentence(), 0.6),
            "createdBy": w.some(people),
            "members": w.few(people, 12, 2),
            "isPrivate": w.chance(0.3),
        }
        for _ in range(10)
    ]
    messages = []
    for _ in range(280):
        message = {
            "id": f"m_{w.nano_id(12)}",
            "room": w.some(rooms)["id"],
            "from": w.some(people),
            "text": w.sentence(),
            "ts": w.unix_ms(),
            "replyTo": w.some(messages)["id"] if messages and w.chance(0.25) else None,
            "mentions": w.few(names, 2),
            "reactions": {emoji: w.few(names, 3, 1) for emoji in w.few("👍❤😂🎉🚀👀", 2)},
        }
        if w.chance(0.1):
            message["edited"] = True
        messages.append(message)
    direct = [
        {
            "id": f"d_{w.nano_id(12)}",
            "from": w.some(people),
            "to": w.some(people),
            "text": w.sentence(),
            "ts": w.unix_ms(),
            "read": w.chance(0.8),
        }
        for _ in range(90)
    ]
    return [
        node("users.json", users),
        node("rooms.json", rooms),
        lines("messages.ndjson", messages),
        lines("direct.ndjson", direct),
    ]
