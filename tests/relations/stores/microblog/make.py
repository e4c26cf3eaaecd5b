"""A microblog in one document: people by handle who follow each other, lists of likes, reposts and replies."""

from store_files import File, php
from store_words import Words


def make(w: Words) -> list[File]:
    handles = [w.username() for _ in range(40)]
    users = {
        handle: {
            "name": w.person(),
            "email": w.email(),
            "password": w.bcrypt(),
            "bio": w.maybe(w.sentence(), 0.6, ""),
            "following": w.few([h for h in handles if h != handle], 12, 1),
            "pinned": None,
            "since": w.iso_day(),
        }
        for handle in handles
    }
    posts: list[dict] = []
    for number in range(1, 221):
        earlier = [each["id"] for each in posts]
        posts.append(
            {
                "id": number,
                "author": w.some(handles),
                "text": w.sentence(),
                "reply_to": w.some(earlier) if earlier and w.chance(0.3) else None,
                "repost_of": w.some(earlier) if earlier and w.chance(0.15) else None,
                "likes": w.few(handles, 6),
                "hashtags": w.few(["news", "cats", "coffee", "rain", "music", "books", "work"], 2),
                "created_at": w.unix(),
            }
        )
    for handle in handles:
        own = [each["id"] for each in posts if each["author"] == handle]
        users[handle]["pinned"] = w.some(own) if own and w.chance(0.6) else None
    hashtags = {
        tag: {"first_used": w.unix(), "blocked": w.chance(0.1)}
        for tag in ("news", "cats", "coffee", "rain", "music", "books", "work")
    }
    blocks = [{"who": w.some(handles), "whom": w.some(handles), "since": w.unix()} for _ in range(45)]
    return [php("microblog.json", {"users": users, "posts": posts, "hashtags": hashtags, "blocks": blocks})]
