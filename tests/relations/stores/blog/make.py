"""A flat-file blog in PHP: guarded files, maps by user name and by slug, lists of slugs on the other side too."""

from store_files import File, php_guarded
from store_words import Words, slug


def make(w: Words) -> list[File]:
    users = {
        w.username(): {
            "firstName": w.first(),
            "lastName": w.last(),
            "email": w.email(),
            "role": w.some(["admin", "editor", "author"]),
            "password": w.sha1(),
            "salt": w.hex(13),
            "registered": w.sql_time(),
            "twitter": w.maybe(f"@{w.words(1, 1)}", 0.4, ""),
        }
        for _ in range(7)
    }
    categories = {slug(name): {"name": name, "description": "", "list": []} for name in (w.name() for _ in range(6))}
    tags = {slug(name): {"name": name, "list": []} for name in (w.name() for _ in range(14))}
    posts = {}
    for number in range(48):
        title = w.title()
        category = w.some(list(categories))
        posts[slug(title)] = {
            "title": title,
            "description": w.maybe(w.sentence(), 0.8, ""),
            "username": w.some(list(users)),
            "category": category,
            "tags": {tag: tags[tag]["name"] for tag in w.few(tags, 4)},
            "type": w.some(["published", "published", "draft", "sticky"]),
            "date": w.sql_time(),
            "dateModified": w.maybe(w.sql_time(), 0.5, ""),
            "position": number,
            "coverImage": w.maybe(f"cover-{number}.jpg", 0.3, ""),
            "allowComments": w.chance(0.9),
            "content": w.text(),
        }
        categories[category]["list"].append(slug(title))
        for tag in posts[slug(title)]["tags"]:
            tags[tag]["list"].append(slug(title))
    comments = []
    for number in range(1, 131):
        earlier = [each["id"] for each in comments]
        comments.append(
            {
                "id": number,
                "post": "a-post-that-was-deleted" if number == 17 else w.some(list(posts)),
                "parent": w.some(earlier) if earlier and w.chance(0.3) else None,
                "name": w.first(),
                "email": w.email(),
                "text": w.text(3),
                "date": w.sql_time(),
                "approved": w.chance(0.85),
                "ip": w.ip(),
            }
        )
    return [
        php_guarded("users.php", users),
        php_guarded("categories.php", categories),
        php_guarded("tags.php", tags),
        php_guarded("posts.php", posts),
        php_guarded("comments.php", comments),
    ]
