"""A taxi office on lowdb: all in one db.json, rides with a snapshot of the customer, zones by short names."""

from datetime import datetime, timedelta
from typing import Any

from store_files import File, node
from store_words import Words, slug

Record = dict[str, Any]

ZONES = (
    ("Old Town", 420, 2.1),
    ("Harbour", 420, 2.1),
    ("Station", 450, 2.1),
    ("University", 420, 1.95),
    ("West End", 390, 1.95),
    ("Airport", 900, 2.4),
    ("Trade Fair", 500, 2.4),
    ("South Hills", 390, 1.8),
    ("Islands", 650, 2.75),
)
MAKES = (("Skoda", "Octavia"), ("Toyota", "Prius"), ("VW", "Caddy"), ("Mercedes", "E 200"), ("Kia", "Niro"))


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def place(w: Words, names: list[str]) -> Record:
    return {
        "address": f"{w.words(1, 1).capitalize()} {w.some(['St', 'Ave', 'Quay', 'Sq'])} {w.number(1, 140)}",
        "zone": w.skewed(names),
        "lat": round(53.5 + w.random.random() / 5, 6),
        "lng": round(9.9 + w.random.random() / 4, 6),
    }


def make(w: Words) -> list[File]:
    zones = [{"id": slug(name), "name": name, "baseFareCents": base, "perKm": per} for name, base, per in ZONES]
    names = [each["id"] for each in zones]
    staff = [
        {"username": w.username(), "hash": w.bcrypt(), "role": role, "locked": w.chance(0.15)}
        for role in ("owner", "dispatcher", "dispatcher", "dispatcher", "dispatcher", "accounts")
    ]
    drivers = make_drivers(w, names)
    vehicles = make_vehicles(w, drivers)
    plates = [each["plate"] for each in vehicles]
    give_vehicles(w, drivers, plates)
    customers = make_customers(w, names)
    promos = make_promos(w, staff)
    rides = make_rides(w, names, drivers, plates, customers, promos)
    done = [each for each in rides if each["status"] == "done"]
    ratings = make_ratings(w, done)
    payouts = make_payouts(w, drivers, done)
    settings = make_settings(w)
    db = {
        "settings": settings,
        "staff": staff,
        "zones": zones,
        "drivers": drivers,
        "vehicles": vehicles,
        "customers": customers,
        "promos": promos,
        "rides": rides,
        "ratings": ratings,
        "payouts": payouts,
    }
    return [node("db.json", db)]


def make_drivers(w: Words, names: list[str]) -> list[Record]:
    return [
        {
            "id": w.nano_id(),
            "name": w.person(),
            "phone": w.phone(),
            "licenceNo": f"P{w.number(10, 99)}{n:03d}{w.number(10, 99)}",
            "vehicle": None,
            "status": w.some(["active", "active", "active", "paused", "left"]),
            "rating": round(3.6 + w.random.random() * 1.4, 2),
            "documents": [
                {"type": kind, "number": w.hex(9).upper(), "expires": w.iso_day()}
                for kind in w.few(["licence", "medical", "p-permit", "criminal-record"], 4, 1)
            ],
            "zones": w.few(names, 5),
        }
        for n in range(1, 35)
    ]


def make_vehicles(w: Words, drivers: list[Record]) -> list[Record]:
    vehicles = []
    for n in range(28):
        brand, model = w.some(MAKES)
        vehicles.append(
            {
                "plate": f"TX-{w.some('ABCEHKMP')}{w.some('ABCEHKMP')} {101 + n * 7}",
                "make": brand,
                "model": model,
                "seats": 7 if model == "Caddy" else 4,
                "features": w.few(["child seat", "wheelchair", "card", "wifi", "pets"], 3),
                "insuredUntil": w.iso_day(),
                "owner": w.maybe(w.some(drivers[:12])["id"], 0.5),
            }
        )
    return vehicles


def give_vehicles(w: Words, drivers: list[Record], plates: list[str]) -> None:
    for driver in drivers:
        driver["vehicle"] = w.maybe(w.some(plates), 0.85)


def make_customers(w: Words, names: list[str]) -> list[Record]:
    customers = []
    for _ in range(120):
        name = w.person()
        customer: Record = {
            "id": w.nano_id(),
            "email": w.email(name),
            "name": name,
            "phone": w.phone(),
            "token": w.hex(32),
            "preferences": {
                "language": w.some(["en", "en", "de", "uk"]),
                "quiet": w.chance(0.3),
                "receipts": w.chance(0.6),
            },
            "createdAt": w.iso_time(),
        }
        if w.chance(0.4):
            customer["favourites"] = [
                {"label": label, "address": f"{w.name()} St {w.number(1, 90)}", "zone": w.some(names)}
                for label in w.few(["home", "work", "gym", "mum"], 3, 1)
            ]
        customers.append(customer)
    return customers


def make_promos(w: Words, staff: list[Record]) -> list[Record]:
    return [
        {
            "code": f"{w.some(['SPRING', 'RIDE', 'NIGHT', 'FAIR', 'HELLO'])}{n * 3 + 10}",
            "percent": w.some([5, 10, 15, 20]),
            "validUntil": w.iso_day(),
            "createdBy": w.some(staff[:4])["username"],
        }
        for n in range(1, 13)
    ]


def make_rides(
    w: Words, names: list[str], drivers: list[Record], plates: list[str], customers: list[Record], promos: list[Record]
) -> list[Record]:
    rides = []
    for n in range(1001, 1401):
        if w.chance(0.02):
            continue
        customer, driver = w.skewed(customers), w.skewed(drivers)
        status = w.some(["done"] * 8 + ["cancelled", "no-show"])
        asked = w.moment()
        end = asked + timedelta(minutes=w.number(9, 70))
        done = status == "done"
        steps = ["requested", "accepted", "picked-up", "done"] if done else ["requested", status]
        rides.append(
            {
                "id": n,
                "customer": {key: customer[key] for key in ("id", "name", "phone")},
                "driverId": driver["id"] if done or w.chance(0.5) else None,
                "plate": (driver["vehicle"] or w.some(plates)) if done else None,
                "from": place(w, names),
                "to": place(w, names),
                "status": status,
                "fareCents": w.number(60, 700) * 10 if done else 0,
                "promo": w.maybe(w.skewed(promos)["code"], 0.2),
                "requestedAt": iso(asked),
                "finishedAt": iso(end) if done else None,
                "events": [
                    {"status": step, "at": iso(asked + (end - asked) * place_ / len(steps))}
                    for place_, step in enumerate(steps)
                ],
            }
        )
    return rides


def make_ratings(w: Words, done: list[Record]) -> list[Record]:
    ratings = []
    for ride in w.few(done, 150, 150):
        rating = {"rideId": ride["id"], "stars": w.some([5, 5, 5, 4, 4, 3, 2, 1])}
        if w.chance(0.4):
            rating["comment"] = w.sentence()
        ratings.append(rating)
    return ratings


def make_payouts(w: Words, drivers: list[Record], done: list[Record]) -> list[Record]:
    payouts = []
    for driver in drivers:
        own = [each for each in done if each["driverId"] == driver["id"]]
        for start in range(0, len(own), 5):
            part = own[start : start + 5]
            payouts.append(
                {
                    "id": w.uuid(),
                    "driver": driver["id"],
                    "week": f"{w.number(2022, 2024)}-W{w.number(1, 52):02d}",
                    "amountCents": sum(each["fareCents"] for each in part) * 4 // 5,
                    "rides": [each["id"] for each in part],
                    "paidAt": w.maybe(w.iso_time(), 0.9),
                }
            )
    return payouts


def make_settings(w: Words) -> Record:
    return {
        "company": "Harbour Cabs",
        "currency": "EUR",
        "cancellationFeeCents": 500,
        "maxWaitMinutes": 6,
        "surge": {"night": 1.25, "holiday": 1.4},
        "office": {"phone": w.phone(), "email": "office@example.com"},
    }
