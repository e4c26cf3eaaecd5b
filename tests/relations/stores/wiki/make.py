"""A wiki: a file per page, links as lists of slugs, redirects, revisions appended line by line."""

from store_files import File, each, lines, php
from store_words import Words, slug


def make(w: Words) -> list[File]:
    users = {
        w.username(): {
            "email": w.email(),
            "pass": w.bcrypt(),
            "edits": w.number(0, 400),
            "since": w.unix(),
            "groups": w.few(["user", "sysop", "bot"], 2, 1),
        }
        for _ in range(21)
    }
    names = list(users)
    categories: dict = {}
    for number in range(14):
        name = w.name()
        categories[slug(name)] = {
            "title": name,
            "parent": w.some(list(categories)) if number > 3 and w.chance(0.7) else "",
        }
    titles = [w.title() for _ in range(75)]
    slugs = [slug(title) for title in titles]
    pages = {}
    for title, name in zip(titles, slugs, strict=True):
        pages[name] = {
            "title": title,
            "body": w.text(9),
            "categories": w.few(categories, 3),
            "links": w.few(slugs, 6),
            "created": w.offset_time(),
            "created_by": w.some(names),
            "updated": w.offset_time(),
            "updated_by": w.some(names),
            "locked": w.chance(0.05),
            "redirect": w.some(slugs) if w.chance(0.1) else None,
        }
    pages[slugs[3]]["links"].append("page-nobody-wrote")
    revisions = [
        {
            "rev": 5000 + n,
            "page": w.some(slugs),
            "user": w.some(names),
            "time": w.unix(),
            "comment": w.maybe(w.sentence(), 0.6, ""),
            "size": w.number(100, 20_000),
        }
        for n in range(260)
    ]
    uploads = [
        {
            "id": w.uniqid(),
            "page": w.some(slugs),
            "file": f"{w.hex(6)}.png",
            "mime": "image/png",
            "size": w.number(1000, 90_000),
            "uploader": w.some(names),
            "time": w.unix(),
        }
        for _ in range(36)
    ]
    return [
        php("users.json", users),
        php("categories.json", categories),
        php("uploads.json", uploads),
        lines("revisions.ndjson", revisions),
        *each("pages", pages, "php"),
    ]
