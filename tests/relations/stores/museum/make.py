"""A museum's catalogue: CSV from a spreadsheet beside JSON of the site, accession numbers, loans to other houses."""

from store_files import File, comma, php
from store_words import Words


def make(w: Words) -> list[File]:
    artists = [
        {
            "artist_id": n,
            "name": w.person(),
            "born": w.number(1500, 1950),
            "died": w.maybe(w.number(1560, 2015), 0.8, ""),
            "nationality": w.some(["UA", "IT", "NL", "FR"]),
        }
        for n in range(1, 41)
    ]
    rooms = [
        {"room": f"{f}.{n}", "title": w.name(), "floor": f, "guard": w.person()} for f in (0, 1, 2) for n in range(1, 6)
    ]
    objects = [
        {
            "accession_no": f"{w.number(1900, 2020)}.{n}",
            "title": w.title(),
            "artist_id": w.maybe(w.number(1, 40), 0.85, ""),
            "year": w.number(1500, 2000),
            "medium": w.some(["oil", "bronze", "paper"]),
            "height_cm": f"{w.number(10, 300)}.{w.number(0, 9)}",
            "room": w.maybe(w.some(rooms)["room"], 0.7, ""),
            "insured": f"{w.number(1, 900) * 1000}.00",
        }
        for n in range(1, 151)
    ]
    numbers = [each["accession_no"] for each in objects]
    houses = [
        {"id": n, "name": w.name(), "city": w.city(), "contact": {"name": w.person(), "email": w.email()}}
        for n in range(1, 13)
    ]
    loans = [
        {
            "id": n,
            "object": "1899.7" if n == 21 else w.some(numbers),
            "lent_to": w.number(1, 12),
            "from": w.iso_day(),
            "until": w.iso_day(),
            "returned": w.chance(0.5),
        }
        for n in range(1, 61)
    ]
    exhibitions = [
        {
            "id": n,
            "title": w.title(),
            "opens": w.iso_day(),
            "closes": w.iso_day(),
            "curator": w.person(),
            "rooms": w.few([r["room"] for r in rooms], 4, 1),
            "objects": w.few(numbers, 15, 3),
        }
        for n in range(1, 15)
    ]
    return [
        comma("artists.csv", artists),
        comma("rooms.csv", rooms),
        comma("objects.csv", objects),
        php("houses.json", houses),
        php("loans.json", loans),
        php("exhibitions.json", exhibitions),
    ]
