"""A town choir's members' area in PHP: who sings what, who came, who still has which score at home."""

from typing import Any

from store_files import File, php_pretty
from store_words import Words, slug

Record = dict[str, Any]


def make(w: Words) -> list[File]:
    singer_ids = sorted(w.few(range(1, 74), 58, 58))
    singers = make_singers(w, singer_ids)
    composers = make_composers(w)
    used = [c["id"] for c in composers]
    piece_ids = sorted(w.few(range(1, 130), 104, 104))
    pieces = make_pieces(w, used, piece_ids)
    shuffled = w.few(piece_ids, 104, 104)
    venues = make_venues(w)
    places = list(venues)
    rehearsals = make_rehearsals(w, singer_ids, shuffled, places)
    concerts = make_concerts(w, singer_ids, shuffled, places)
    loans = make_loans(w, singer_ids, shuffled)
    return [
        php_pretty("singers.json", singers),
        php_pretty("composers.json", sorted(composers, key=lambda c: c["id"])),
        php_pretty("pieces.json", pieces),
        php_pretty("venues.json", venues),
        php_pretty("rehearsals.json", rehearsals),
        php_pretty("concerts.json", concerts),
        php_pretty("loans.json", loans),
    ]


def make_singers(w: Words, singer_ids: list[int]) -> list[Record]:
    singers = []
    for n in singer_ids:
        name = w.person()
        one = {
            "id": n,
            "name": name,
            "voice": w.some(["soprano 1", "soprano 2", "alto 1", "alto 2", "tenor", "bass"]),
            "email": w.email(name),
        }
        if w.chance(0.6):
            one["phone"] = w.phone()
        one["joined"] = w.iso_day()
        one["active"] = int(w.chance(0.8))
        one["buddy"] = w.some(singer_ids[:20]) if n > 25 and w.chance(0.6) else None
        singers.append(one)
    return singers


def make_composers(w: Words) -> list[Record]:
    composers = []
    for n in range(1, 31):
        born = w.number(1520, 1965)
        composers.append(
            {"id": n, "name": w.person(), "born": born, "died": born + w.number(35, 85) if born < 1920 else None}
        )
    w.random.shuffle(composers)
    return composers


def make_pieces(w: Words, used: list[int], piece_ids: list[int]) -> list[Record]:
    return [
        {
            "id": n,
            "title": w.title(),
            "composer_id": w.skewed(used, 2) if w.chance(0.93) else None,
            "arranger": w.maybe(f"{w.first()} {w.last()}", 0.25),
            "voicing": w.some(["SATB", "SATB", "SSA", "TTBB", "SSAATTBB"]),
            "languages": w.few(["la", "en", "de", "fr", "uk"], 2, 1),
            "copies": w.number(8, 70),
            "minutes": w.number(2, 25),
        }
        for n in piece_ids
    ]


def make_venues(w: Words) -> dict[str, Record]:
    venues = {}
    for _ in range(11):
        name = w.name() + " " + w.some(["Church", "Hall", "Chapel", "School"])
        venues[slug(name)] = {
            "name": name,
            "address": f"{w.number(1, 140)} {w.some(['High', 'Mill', 'Park', 'Church'])} Street, {w.city()}",
            "seats": w.number(60, 900),
            "has_organ": w.chance(0.4),
            "contact": w.email(),
        }
    return venues


def make_rehearsals(w: Words, singer_ids: list[int], shuffled: list[int], places: list[str]) -> list[Record]:
    rehearsals = []
    for n in sorted(w.few(range(1, 100), 88, 88)):
        there = w.few(singer_ids, 45, 22)
        rehearsals.append(
            {
                "id": n,
                "date": w.iso_day(),
                "begins": w.some(["19:30", "19:30", "20:00", "10:00"]),
                "venue": w.skewed(places, 2),
                "pieces": list(dict.fromkeys(w.skewed(shuffled, 2) for _ in range(w.number(2, 7)))),
                "attendance": {str(s): w.some(["yes", "yes", "yes", "no", "excused"]) for s in sorted(there)},
                "remarks": w.maybe(w.sentence(), 0.3, ""),
            }
        )
    return rehearsals


def make_concerts(w: Words, singer_ids: list[int], shuffled: list[int], places: list[str]) -> list[Record]:
    concerts = []
    for n in range(1, 27):
        programme = []
        for piece in w.few(shuffled[:60], 12, 5):
            entry = {"piece": piece}
            if w.chance(0.35):
                entry["soloists"] = w.few(singer_ids, 4, 1)
            if w.chance(0.1):
                entry["encore"] = True
            programme.append(entry)
        concerts.append(
            {
                "id": n,
                "title": w.title(),
                "starts": w.day().isoformat() + w.some([" 19:00:00", " 17:00:00", " 20:00:00"]),
                "venue": w.skewed(places, 2),
                "conductor": w.some(["Ines Moreau", "Pavel Novak"]),
                "programme": programme,
                "ticket_price": w.some([8, 10, 12.5, 15, 7.5]),
                "tickets_sold": w.number(30, 400),
            }
        )
    return concerts


def make_loans(w: Words, singer_ids: list[int], shuffled: list[int]) -> list[Record]:
    loans = []
    for n in sorted(w.few(range(1, 420), 340, 340)):
        lent = w.day()
        loans.append(
            {
                "id": n,
                "singer_id": {31: 77, 158: 81, 260: 77}.get(n) or w.some(singer_ids),
                "piece_id": w.skewed(shuffled, 2),
                "copy_no": w.number(1, 70),
                "lent": lent.isoformat(),
                "returned": w.after(lent, 200) if w.chance(0.75) else None,
            }
        )
    return loans
