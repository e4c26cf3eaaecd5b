"""A guest house in PHP: rooms by number, bookings by a reference, prices as strings, birthdays as 31.12.1980."""

from store_files import File, php
from store_words import Words


def make(w: Words) -> list[File]:
    room_types = [
        {"code": code, "name": name, "capacity": capacity, "rate": rate}
        for code, name, capacity, rate in (
            ("SGL", "Single", 1, "49.00"),
            ("DBL", "Double", 2, "79.00"),
            ("TWN", "Twin", 2, "75.50"),
            ("FAM", "Family", 4, "119.00"),
            ("STE", "Suite", 3, "189.90"),
        )
    ]
    rooms = {
        str(floor * 100 + n): {
            "type": w.some(room_types)["code"],
            "floor": floor,
            "beds": w.number(1, 4),
            "amenities": w.few(["wifi", "tv", "balcony", "minibar", "bath"], 4, 1),
            "notes": w.maybe(w.sentence(), 0.2),
        }
        for floor in (1, 2, 3)
        for n in range(1, 9)
    }
    guests = [
        {
            "id": number,
            "full_name": w.person(),
            "email": w.email(),
            "phone": w.phone(),
            "nationality": w.some(["UA", "PL", "DE", "FR", "PT"]),
            "passport_no": f"{w.some('ABCDEF')}{w.some('KLM')}{w.number(100000, 999999)}",
            "birthdate": w.birthday(1950, 2003).strftime("%d.%m.%Y"),
        }
        for number in range(1, 71)
    ]
    extras = {
        code: {"name": name, "price": price}
        for code, name, price in (
            ("BRK", "Breakfast", "12.00"),
            ("PRK", "Parking", "8.50"),
            ("LATE", "Late check-out", "20.00"),
            ("DOG", "Dog", "10.00"),
        )
    }
    bookings = []
    for number in range(110):
        day = w.day()
        bookings.append(
            {
                "ref": f"BK-{1001 + number}",
                "room": "404" if number == 50 else w.some(list(rooms)),
                "guest_id": w.number(1, 70),
                "check_in": day.isoformat(),
                "check_out": w.after(day),
                "adults": w.number(1, 3),
                "children": w.number(0, 2),
                "extras": [{"code": code, "qty": w.number(1, 3)} for code in w.few(extras, 2)],
                "status": w.some(["confirmed", "cancelled", "checked-out"]),
                "total": f"{w.price(900):.2f}",
                "created": w.sql_time(),
            }
        )
    payments = [
        {
            "id": number,
            "booking_ref": w.some(bookings)["ref"],
            "amount": f"{w.price(500):.2f}",
            "method": w.some(["cash", "card", "transfer"]),
            "paid_at": w.sql_time(),
            "receipt_no": f"R{number:06d}",
        }
        for number in range(1, 96)
    ]
    return [
        php("room_types.json", room_types),
        php("rooms.json", rooms),
        php("guests.json", guests),
        php("extras.json", extras),
        php("bookings.json", bookings),
        php("payments.json", payments),
    ]
