"""Shared rides to work, an Express app on lowdb: everything in one db.json, nanoid keys, times from Date."""

from typing import Any

from store_files import File, node
from store_words import Words, slug

Record = dict[str, Any]


def make(w: Words) -> list[File]:
    users = make_users(w)
    people = [u["id"] for u in users]
    drivers = people[5:50]
    cars = make_cars(w, drivers)
    places = make_places(w)
    stops = [p["slug"] for p in places]
    rides = make_rides(w, people, cars, stops)
    requests = make_requests(w, people, rides)
    ratings = make_ratings(w, rides)
    threads, messages = make_threads(w, people, rides)
    reports = make_reports(w, people, rides, messages)
    db = {
        "users": users,
        "cars": cars,
        "places": places,
        "rides": rides,
        "requests": requests,
        "ratings": ratings,
        "threads": threads,
        "messages": messages,
        "reports": reports,
        "settings": {"maintenance": False, "maxSeats": 6, "currency": "EUR", "supportEmail": "help@mitfahren.example"},
    }
    return [node("db.json", db)]


def make_users(w: Words) -> list[Record]:
    users = []
    for _ in range(85):
        handle = w.username()
        users.append(
            {
                "id": w.nano_id(12),
                "handle": handle,
                "email": w.email(),
                "passwordHash": w.bcrypt().replace("$2y$", "$2b$"),
                "home": {
                    "label": w.city(),
                    "lat": round(w.random.uniform(49, 52), 5),
                    "lng": round(w.random.uniform(22, 31), 5),
                },
                "prefs": {"music": w.chance(0.7), "smoking": w.chance(0.1), "pets": w.chance(0.4)},
                "verified": w.chance(0.8),
                "createdAt": w.iso_time(),
            }
        )
    return users


def make_cars(w: Words, drivers: list[str]) -> list[Record]:
    return [
        {
            "id": w.nano_id(12),
            "owner": driver,
            "plate": f"{w.some('ABCK')}{w.some('ABEH')} {w.number(1000, 9999)} {w.some('ABCE')}{w.some('HIKM')}",
            "model": w.some(["Skoda Fabia", "Renault Zoe", "VW Golf", "Toyota Yaris", "Dacia Logan"]),
            "colour": w.some(["white", "grey", "red", "blue"]),
            "seats": w.number(2, 6),
        }
        for driver in drivers + w.few(drivers, 8, 8)
    ]


def make_places(w: Words) -> list[Record]:
    places = []
    for _ in range(24):
        name = w.name() + w.some([" Station", " Square", " Park", ""])
        places.append(
            {
                "slug": slug(name),
                "name": name,
                "lat": round(w.random.uniform(49, 52), 6),
                "lng": round(w.random.uniform(22, 31), 6),
            }
        )
    return places


def make_rides(w: Words, people: list[str], cars: list[Record], stops: list[str]) -> list[Record]:
    rides = []
    for _ in range(190):
        car = w.skewed(cars, 1.8)
        start, end = w.few(stops, 2, 2)
        ride = {
            "id": w.nano_id(12),
            "driverId": car["owner"],
            "carId": car["id"],
            "from": start,
            "to": end,
            "departs": w.iso_time(),
            "seats": w.number(1, 4),
            "price": w.price(12),
            "passengers": [],
            "cancelled": w.chance(0.08),
        }
        for person in w.few([p for p in people if p != car["owner"]], 3):
            passenger = {
                "userId": person,
                "seats": w.some([1, 1, 1, 2]),
                "status": w.some(["confirmed", "confirmed", "waiting"]),
            }
            if w.chance(0.4):
                passenger["pickup"] = w.some(stops)
            ride["passengers"].append(passenger)
        if w.chance(0.3):
            ride["days"] = w.few(["mon", "tue", "wed", "thu", "fri"], 5, 1)
        rides.append(ride)
    return rides


def make_requests(w: Words, people: list[str], rides: list[Record]) -> list[Record]:
    return [
        {
            "id": w.nano_id(12),
            "rideId": w.nano_id(12) if w.chance(0.015) else w.some(rides)["id"],
            "userId": w.some(people),
            "state": w.some(["open", "accepted", "accepted", "declined"]),
            "note": w.maybe(w.sentence(), 0.5, ""),
            "createdAt": w.iso_time(),
        }
        for _ in range(240)
    ]


def make_ratings(w: Words, rides: list[Record]) -> list[Record]:
    ratings = []
    for ride in rides:
        for passenger in ride["passengers"]:
            if w.chance(0.5):
                rating = {
                    "id": w.nano_id(12),
                    "rideId": ride["id"],
                    "raterId": passenger["userId"],
                    "ratedId": ride["driverId"],
                    "stars": w.some([3, 4, 5, 5, 5, 2, 1]),
                    "createdAt": w.iso_time(),
                }
                if w.chance(0.4):
                    rating["comment"] = w.sentence()
                ratings.append(rating)
    return ratings


def make_threads(w: Words, people: list[str], rides: list[Record]) -> tuple[list[Record], list[Record]]:
    threads: list[Record] = []
    messages: list[Record] = []
    for _ in range(70):
        ride = w.some(rides)
        members = [ride["driverId"], *w.few([p for p in people if p != ride["driverId"]], 2, 1)]
        thread = {"id": w.nano_id(12), "rideId": w.maybe(ride["id"], 0.85), "members": members}
        messages += [
            {
                "id": w.nano_id(16),
                "threadId": thread["id"],
                "from": w.some(members),
                "body": w.sentence(),
                "at": w.unix_ms(),
                "read": w.chance(0.9),
            }
            for _ in range(w.number(1, 8))
        ]
        last = messages[-1]
        thread["last"] = {"by": last["from"], "text": last["body"], "at": last["at"]}
        threads.append(thread)
    return threads, messages


def make_reports(w: Words, people: list[str], rides: list[Record], messages: list[Record]) -> list[Record]:
    reports = []
    for _ in range(26):
        kind = w.some(["user", "ride", "message"])
        target = {"user": people, "ride": [r["id"] for r in rides], "message": [m["id"] for m in messages]}[kind]
        reports.append(
            {
                "id": w.nano_id(12),
                "reporterId": w.some(people),
                "targetType": kind,
                "targetId": w.some(target),
                "reason": w.some(["spam", "no show", "rude", "other"]),
                "handled": w.chance(0.7),
                "at": w.iso_time(),
            }
        )
    return reports
