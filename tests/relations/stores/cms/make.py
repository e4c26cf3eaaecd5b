"""A CMS in Node with one db.json: pages that form a tree, menus that name pages by slug, blocks of many kinds."""

from store_files import File, node
from store_words import Words, slug


def make(w: Words) -> list[File]:
    users = [
        {
            "id": number,
            "name": w.person(),
            "email": w.email(),
            "role": w.some(["admin", "editor", "editor"]),
            "passwordHash": w.bcrypt(),
            "lastLogin": w.maybe(w.iso_time(), 0.8),
        }
        for number in range(1, 8)
    ]
    media = [
        {
            "id": w.uuid(),
            "file": f"uploads/{2021 + number % 4}/{slug(w.title())}.{w.some(['jpg', 'png', 'webp'])}",
            "mime": w.some(["image/jpeg", "image/png", "image/webp"]),
            "size": w.number(9_000, 900_000),
            "width": w.number(300, 4000),
            "height": w.number(300, 3000),
            "alt": w.maybe(w.words(), 0.6),
            "uploadedBy": w.number(1, 7),
        }
        for number in range(40)
    ]
    files = [each["id"] for each in media]
    pages = []
    for number in range(1, 36):
        title = w.title()
        blocks = {
            "text": lambda: {"type": "text", "content": w.text(3)},
            "image": lambda: {"type": "image", "mediaId": w.some(files), "caption": w.words()},
            "quote": lambda: {"type": "quote", "quote": w.sentence(), "cite": w.first(), "style": "wide"},
            "gallery": lambda: {"type": "gallery", "columns": 3, "images": w.few(files, 5, 2)},
        }
        pages.append(
            {
                "id": number,
                "title": title,
                "slug": slug(title),
                "parentId": w.number(1, number - 1) if number > 5 and w.chance(0.7) else None,
                "authorId": w.number(1, 7),
                "template": w.some(["default", "landing", "blog"]),
                "status": w.some(["published", "draft"]),
                "featuredImage": w.some(files) if w.chance(0.6) else None,
                "seo": {"title": title, "description": w.maybe(w.sentence(), 0.7, ""), "noindex": w.chance(0.1)},
                "blocks": [blocks[w.some(list(blocks))]() for _ in range(w.number(1, 4))],
                "publishedAt": w.maybe(w.iso_time(), 0.8),
            }
        )
    slugs = [each["slug"] for each in pages]
    menus = {
        place: {
            "label": f"{place.capitalize()} menu",
            "items": [{"label": w.words(1, 2), "page": page, "order": n} for n, page in enumerate(w.few(slugs, 9, 4))],
        }
        for place in ("main", "footer", "sidebar")
    }
    redirects = [
        {
            "id": number,
            "from": f"/{slug(w.title())}.html",
            "to": w.some(slugs),
            "code": w.some([301, 302]),
            "hits": w.number(0, 90),
        }
        for number in range(1, 16)
    ]
    settings = {"siteName": "Old Harbour", "language": "en", "perPage": 10, "maintenance": False, "homePage": slugs[0]}
    return [
        node(
            "db.json",
            {
                "users": users,
                "media": media,
                "pages": pages,
                "menus": menus,
                "redirects": redirects,
                "settings": settings,
            },
        )
    ]
