"""A film club in PHP: films with directors and casts by number, screenings, ratings by member, a watch list by slug."""

from store_files import File, php, php_pretty
from store_words import Words, slug


def make(w: Words) -> list[File]:
    people = [{"id": n, "name": w.person(), "born": w.maybe(w.number(1900, 2000), 0.8)} for n in range(1, 71)]
    films = []
    for number in range(1, 56):
        title = w.title()
        films.append(
            {
                "id": number,
                "slug": slug(title),
                "title": title,
                "year": w.number(1920, 2023),
                "minutes": w.number(70, 200),
                "director": w.number(1, 70),
                "cast": [{"person": n, "role": w.words(1, 2)} for n in w.few(range(1, 71), 5, 1)],
                "genres": w.few(["drama", "comedy", "noir"], 2, 1),
                "sequel_to": w.number(1, number - 1) if number > 10 and w.chance(0.15) else None,
                "poster": w.maybe(f"/posters/{number}.jpg", 0.7, ""),
            }
        )
    members = [
        {
            "member_id": 500 + n,
            "nick": w.username(),
            "email": w.email(),
            "pass": w.bcrypt(),
            "since": w.iso_day(),
            "watchlist": w.few([f["slug"] for f in films], 6),
            "invited_by": None,
        }
        for n in range(1, 49)
    ]
    for each in members[10:]:
        if w.chance(0.6):
            each["invited_by"] = w.some(members[:10])["member_id"]
    ids = [each["member_id"] for each in members]
    screenings = [
        {
            "id": n,
            "film_id": w.number(1, 55),
            "starts": w.offset_time(),
            "place": w.some(["Cellar", "Roof", "Hall"]),
            "host": w.some(ids),
            "seats": w.some([12, 20, 40]),
            "guests": w.few(ids, 10),
        }
        for n in range(1, 61)
    ]
    ratings = [
        {
            "film_id": f,
            "member_id": m,
            "stars": w.number(1, 10),
            "text": w.maybe(w.sentence(), 0.4, ""),
            "when": w.unix(),
        }
        for f, m in w.few([(f, m) for f in range(1, 56) for m in ids], 240, 240)
    ]
    return [
        php_pretty("people.json", people),
        php("films.json", films),
        php("members.json", members),
        php_pretty("screenings.json", screenings),
        php("ratings.json", ratings),
    ]
