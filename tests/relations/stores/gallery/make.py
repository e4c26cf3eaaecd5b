"""A photo gallery in PHP: users without ids, photos with tags by name, EXIF that may be `[]`, guests who comment."""

from store_files import File, php
from store_words import Words, slug


def make(w: Words) -> list[File]:
    users = [
        {
            "username": w.username(),
            "name": w.person(),
            "email": w.email(),
            "hash": w.bcrypt(),
            "quota_mb": w.some([100, 500, 2000]),
        }
        for _ in range(13)
    ]
    names = [each["username"] for each in users]
    tags = [{"name": name, "slug": slug(name), "count": w.number(0, 40)} for name in (w.name() for _ in range(20))]
    albums, photos = [], []
    for number in range(1, 19):
        title = w.title()
        albums.append(
            {
                "id": number,
                "slug": slug(title),
                "title": title,
                "description": w.maybe(w.sentence(), 0.6, ""),
                "cover": 0,
                "owner": w.some(names),
                "visibility": w.some(["public", "private", "link"]),
                "shared_with": w.few(names, 4),
                "created": w.sql_time(),
            }
        )
    for number in range(1, 151):
        album = albums[number - 1] if number <= 18 else w.some(albums)
        exif = {
            "camera": w.some(["X100", "D750", "Pixel 7"]),
            "iso": w.some([100, 200, 800]),
            "aperture": w.some([1.8, 2.8, 5.6]),
        }
        if w.chance(0.8):
            exif["lens"] = w.some(["35mm", "50mm"])
        photos.append(
            {
                "id": number,
                "album_id": album["id"],
                "file": f"{w.hex(8)}.jpg",
                "title": w.maybe(w.words(), 0.7, ""),
                "width": w.some([1920, 3000, 4000]),
                "height": w.some([1080, 2000, 3000]),
                "taken_at": w.maybe(w.sql_time(), 0.8),
                "exif": exif if w.chance(0.8) else {},
                "gps": {
                    "lat": w.number(-90_000_000, 90_000_000) / 1e6,
                    "lng": w.number(-180_000_000, 180_000_000) / 1e6,
                }
                if w.chance(0.5)
                else None,
                "tags": [each["name"] for each in w.few(tags, 4)],
                "views": w.number(0, 2000),
            }
        )
        album["cover"] = album["cover"] or number
    comments = [
        {
            "id": number,
            "photo_id": w.number(1, 150),
            "username": w.some(names) if w.chance(0.7) else None,
            "guest_name": w.first(),
            "text": w.sentence(),
            "time": w.unix(),
        }
        for number in range(1, 91)
    ]
    for each in comments:
        if each["username"]:
            each["guest_name"] = ""
    return [
        php("users.json", users),
        php("tags.json", tags),
        php("albums.json", albums),
        php("photos.json", photos),
        php("comments.json", comments),
    ]
