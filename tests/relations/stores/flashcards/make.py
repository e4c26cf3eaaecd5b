"""Flash cards in Node: decks as a map of uuids, cards with tags, reviews in an append log, streaks by user."""

from store_files import File, lines, node
from store_words import Words


def make(w: Words) -> list[File]:
    users = [
        {
            "uid": w.uuid(),
            "nickname": w.username(),
            "email": w.email(),
            "locale": w.some(["uk", "en"]),
            "joinedAt": w.iso_time(),
        }
        for _ in range(17)
    ]
    people = [each["uid"] for each in users]
    decks = {
        w.uuid(): {
            "title": w.title(),
            "owner": w.some(people),
            "language": w.some(["de", "fr", "pt"]),
            "public": w.chance(0.5),
            "sharedWith": w.few(people, 4),
            "forkedFrom": None,
        }
        for _ in range(21)
    }
    names = list(decks)
    for place, name in enumerate(names):
        if place > 5 and w.chance(0.4):
            decks[name]["forkedFrom"] = w.some(names[:5])
    cards = [
        {
            "cardId": n,
            "deck": w.some(names),
            "front": w.words(1, 3),
            "back": w.words(1, 4),
            "hint": w.maybe(w.words(), 0.3),
            "tags": w.few(["verb", "noun", "hard"], 2),
            "audio": {"url": f"/a/{n}.mp3", "seconds": w.number(1, 5)} if w.chance(0.6) else None,
        }
        for n in range(1, 251)
    ]
    reviews = [
        {
            "card": w.number(1, 250),
            "user": w.some(people),
            "grade": w.number(0, 5),
            "at": w.unix_ms(),
            "ms": w.number(300, 9000),
        }
        for _ in range(300)
    ]
    streaks = {
        uid: {"days": w.number(0, 90), "best": w.number(1, 200), "lastDeck": w.some(names)} for uid in people[:12]
    }
    return [
        node("users.json", users),
        node("decks.json", decks),
        node("cards.json", cards),
        lines("reviews.ndjson", reviews),
        node("streaks.json", streaks),
    ]
