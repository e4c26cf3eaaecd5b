"""An event calendar in PHP: venues by slug, speakers with their topics, registrations that name people by e-mail."""

from store_files import File, php_pretty
from store_words import Words, slug


def make(w: Words) -> list[File]:
    venues = {
        slug(name): {
            "name": name,
            "address": f"{w.number(1, 90)} {w.name()} Street",
            "city": w.city(),
            "capacity": w.some([40, 80, 200, 900]),
            "map": {"lat": w.number(40_000, 55_000) / 1000, "lng": w.number(-9_000, 30_000) / 1000},
        }
        for name in (w.name() for _ in range(9))
    }
    organizers = [
        {
            "id": number,
            "name": w.name(),
            "email": w.email(),
            "website": w.maybe(f"https://{w.words(1, 1)}.example", 0.7, ""),
        }
        for number in range(1, 9)
    ]
    speakers = [
        {
            "id": number,
            "name": w.person(),
            "company": w.maybe(w.name(), 0.7, ""),
            "bio": w.text(3),
            "links": {"web": f"https://{w.words(1, 1)}.example/{number}", "twitter": w.maybe(f"@{w.words(1, 1)}", 0.5)},
        }
        for number in range(1, 41)
    ]
    attendees = [
        {"email": w.email(), "name": w.person(), "phone": w.maybe(w.phone(), 0.5), "consent": w.chance(0.9)}
        for _ in range(90)
    ]
    events = []
    for number in range(1, 46):
        title, start = w.title(), w.moment().replace(hour=18, minute=w.some([0, 30]))
        events.append(
            {
                "id": number,
                "title": title,
                "slug": slug(title),
                "venue": w.some(list(venues)),
                "organizer_id": w.number(1, 8),
                "start": start.strftime("%Y-%m-%d %H:%M"),
                "end": start.replace(hour=22).strftime("%Y-%m-%d %H:%M"),
                "price": f"{w.number(0, 90)}.{w.some(['00', '50'])}",
                "categories": w.few(["music", "talk", "workshop", "food", "kids"], 2, 1),
                "speakers": [{"speaker_id": n, "topic": w.words()} for n in w.few(range(1, 41), 4)],
                "cancelled": w.chance(0.05),
            }
        )
    registrations = [
        {
            "id": w.uniqid(),
            "event_id": w.number(1, 45),
            "email": w.some(attendees)["email"],
            "tickets": w.number(1, 4),
            "code": w.hex(8).upper(),
            "checked_in": w.maybe(w.sql_time(), 0.5),
        }
        for _ in range(180)
    ]
    registrations[99]["email"] = "deleted.person@example.com"
    return [
        php_pretty("venues.json", venues),
        php_pretty("organizers.json", organizers),
        php_pretty("speakers.json", speakers),
        php_pretty("attendees.json", attendees),
        php_pretty("events.json", events),
        php_pretty("registrations.json", registrations),
    ]
