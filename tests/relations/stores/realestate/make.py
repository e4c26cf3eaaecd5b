"""Property listings in PHP: a map by reference, prices as strings or numbers, days as 31/12/2023, a circle."""

from store_files import File, php_guarded
from store_words import Words


def make(w: Words) -> list[File]:
    codes = ["LIS", "OPO", "FAR", "BRG"]
    agents = [
        {
            "id": 10 + number,
            "name": w.person(),
            "email": w.email(),
            "phone": w.phone(),
            "office": w.some(codes),
            "photo": w.maybe(f"agents/{number}.jpg", 0.8, ""),
            "languages": w.few(["en", "pt", "fr", "uk"], 3, 1),
        }
        for number in range(18)
    ]
    ids = [each["id"] for each in agents]
    offices = {code: {"name": w.name(), "city": w.city(), "phone": w.phone(), "manager": w.some(ids)} for code in codes}
    listings = {}
    for number in range(85):
        price = w.number(60, 900) * 1000
        listings[f"R{1001 + number}"] = {
            "title": w.title(),
            "type": w.some(["flat", "house", "plot"]),
            "status": w.some(["for sale", "sold", "reserved"]),
            "price": str(price) if w.chance(0.4) else price,
            "currency": "EUR",
            "area_m2": w.number(25, 400),
            "rooms": w.number(1, 7),
            "address": {
                "street": f"{w.name()} {w.number(1, 99)}",
                "city": w.city(),
                "zip": f"{w.number(1000, 9999)}-{w.number(100, 999)}",
                "geo": {"lat": w.number(37_000_000, 42_000_000) / 1e6, "lng": w.number(-9_000_000, -7_000_000) / 1e6},
            },
            "features": w.few(["garage", "pool", "lift", "garden", "balcony", "terrace"], 4),
            "photos": [
                {"file": f"{w.hex(10)}.jpg", "caption": w.maybe(w.words(), 0.5, "")} for _ in range(w.number(1, 5))
            ],
            "agent": w.some(ids),
            "owner": {"name": w.person(), "phone": w.phone(), "email": w.maybe(w.email(), 0.7, "")},
            "published": w.day().strftime("%d/%m/%Y"),
            "updated": w.unix(),
        }
    refs = list(listings)
    inquiries = [
        {
            "id": number,
            "listing": "R0999" if number in (5, 88) else w.some(refs),
            "name": w.person(),
            "email": w.email(),
            "message": w.text(3),
            "date": w.sql_time(),
            "handled_by": w.some(ids) if w.chance(0.7) else None,
        }
        for number in range(1, 121)
    ]
    viewings = [
        {
            "id": number,
            "listing_ref": w.some(refs),
            "inquiry_id": w.number(1, 120) if w.chance(0.8) else None,
            "agent_id": w.some(ids),
            "at": w.sql_time(),
            "outcome": w.maybe(w.sentence(), 0.5),
        }
        for number in range(1, 71)
    ]
    return [
        php_guarded("agents.php", agents),
        php_guarded("offices.php", offices),
        php_guarded("listings.php", listings),
        php_guarded("inquiries.php", inquiries),
        php_guarded("viewings.php", viewings),
    ]
