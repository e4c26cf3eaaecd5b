"""A forum in PHP: numbers for everything, 0 for none, times of time(), moderators as a list of numbers."""

from store_files import File, php
from store_words import Words


def make(w: Words) -> list[File]:
    ranks = {
        str(n): {"title": t, "min_posts": p}
        for n, (t, p) in enumerate([("Newcomer", 0), ("Member", 10), ("Regular", 100), ("Veteran", 1000)], 1)
    }
    users = [
        {
            "id": number,
            "username": w.username(),
            "email": w.email(),
            "passwd": w.md5(),
            "posts": w.number(0, 1500),
            "joined": w.unix(),
            "avatar": w.maybe(f"avatars/{number}.png", 0.4, ""),
            "rank_id": w.number(1, 4),
            "signature": w.maybe(w.sentence(), 0.3, ""),
        }
        for number in range(1, 61)
    ]
    boards = [
        {
            "id": number,
            "parent": w.number(1, 3) if number > 3 else 0,
            "title": w.name(),
            "description": w.sentence(),
            "moderators": w.few(range(1, 61), 3),
            "position": number * 10,
        }
        for number in range(1, 12)
    ]
    topics = [
        {
            "id": number,
            "board": w.number(1, 11),
            "title": w.title(),
            "starter": w.number(1, 60),
            "created": w.unix(),
            "last_post_id": 0,
            "views": w.number(3, 4000),
            "sticky": int(w.chance(0.1)),
            "closed": int(w.chance(0.2)),
        }
        for number in range(1, 91)
    ]
    posts = []
    for number in range(1, 301):
        topic = w.some(topics) if number > 90 else topics[number - 1]
        before = [each["id"] for each in posts if each["topic_id"] == topic["id"]]
        posts.append(
            {
                "id": number,
                "topic_id": topic["id"],
                "user_id": 0 if w.chance(0.03) else w.number(1, 60),
                "reply_to": w.some(before) if before and w.chance(0.6) else 0,
                "body": w.text(),
                "time": w.unix(),
                "edited_by": w.number(1, 60) if w.chance(0.15) else None,
            }
        )
        topic["last_post_id"] = number
    messages = [
        {
            "id": number,
            "from": w.number(1, 60),
            "to": 64 if number == 9 else w.number(1, 60),
            "subject": w.words(),
            "body": w.text(4),
            "read": int(w.chance(0.7)),
            "time": w.unix(),
        }
        for number in range(1, 101)
    ]
    return [
        php("ranks.json", ranks),
        php("users.json", users),
        php("boards.json", boards),
        php("topics.json", topics),
        php("posts.json", posts),
        php("messages.json", messages),
    ]
