"""A restaurant's orders in one db.json of Node: PascalCase, dishes with options, orders with lines, waiters by PIN."""

from store_files import File, node
from store_words import Words


def make(w: Words) -> list[File]:
    categories = [{"CategoryId": n, "Title": t} for n, t in enumerate(("Starters", "Mains", "Desserts", "Drinks"), 1)]
    dishes = [
        {
            "DishId": 40 + n,
            "Name": w.title(),
            "CategoryId": w.number(1, 4),
            "Price": w.price(30),
            "Allergens": w.few(["nuts", "milk", "egg", "fish"], 2),
            "Available": w.chance(0.9),
            "Options": [{"Label": w.words(1, 2), "Extra": w.some([0, 0.5, 1.5])} for _ in range(w.number(0, 3))],
        }
        for n in range(1, 46)
    ]
    waiters = [
        {"WaiterId": n, "Name": w.person(), "Pin": f"{w.number(1000, 9999)}", "Phone": w.phone()} for n in range(1, 10)
    ]
    tables = [
        {"TableNo": n, "Seats": w.some([2, 4, 6]), "Zone": w.some(["hall", "terrace"]), "ServedBy": w.number(1, 9)}
        for n in range(1, 19)
    ]
    orders = []
    for number in range(1, 141):
        lines = [
            {
                "DishId": d["DishId"],
                "Dish": d["Name"],
                "Quantity": w.number(1, 3),
                "Price": d["Price"],
                "Note": w.maybe(w.words(), 0.2, ""),
            }
            for d in w.few(dishes, 5, 1)
        ]
        orders.append(
            {
                "OrderId": number,
                "TableNo": w.number(1, 18),
                "WaiterId": w.number(1, 9),
                "OpenedAt": w.iso_time(),
                "ClosedAt": w.maybe(w.iso_time(), 0.8),
                "Lines": lines,
                "Payment": {"Method": w.some(["cash", "card"]), "Tip": w.some([0, 2, 5])} if w.chance(0.8) else None,
            }
        )
    bookings = [
        {
            "BookingId": n,
            "GuestName": w.person(),
            "Phone": w.phone(),
            "TableNo": w.number(1, 18),
            "At": w.iso_time(),
            "Persons": w.number(1, 8),
        }
        for n in range(1, 61)
    ]
    return [
        node(
            "db.json",
            {
                "Categories": categories,
                "Dishes": dishes,
                "Waiters": waiters,
                "Tables": tables,
                "Orders": orders,
                "Bookings": bookings,
            },
        )
    ]
