"""The smallest site there is: a guest book, its keeper and those kept out, a handful of records each."""

from store_files import File, php
from store_words import Words


def make(w: Words) -> list[File]:
    admins = [{"user": w.username(), "pass": w.md5()} for _ in range(2)]
    entries = [
        {
            "id": n,
            "name": w.first(),
            "email": w.maybe(w.email(), 0.6, ""),
            "homepage": "",
            "message": w.text(2),
            "date": w.sql_time(),
            "reply": w.maybe(w.sentence(), 0.4),
            "reply_by": None,
        }
        for n in range(1, 13)
    ]
    for each in entries:
        if each["reply"]:
            each["reply_by"] = w.some(admins)["user"]
    bans = [
        {
            "ip": w.ip(),
            "reason": w.some(["spam", "swearing"]),
            "by": w.some(admins)["user"],
            "entry_id": w.number(1, 12),
        }
        for _ in range(5)
    ]
    return [php("admins.json", admins), php("entries.json", entries), php("bans.json", bans)]
