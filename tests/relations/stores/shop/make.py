"""A PHP shop: pretty-printed lists, orders that hold the customer's and the products' data of that day."""

from store_files import File, php_pretty
from store_words import Words, slug


def make(w: Words) -> list[File]:
    categories = []
    for number in range(1, 13):
        name = w.name()
        categories.append(
            {"id": number, "parent_id": w.number(1, 4) if number > 4 else 0, "name": name, "slug": slug(name)}
        )
    products = []
    for number in range(1, 81):
        name = w.title()
        products.append(
            {
                "id": number,
                "sku": f"{w.hex(3).upper()}-{1000 + number}",
                "name": name,
                "slug": slug(name),
                "description": w.text(4),
                "price": w.price(),
                "currency": "EUR",
                "stock": w.number(0, 120),
                "category_id": w.number(1, 12),
                "images": [f"{slug(name)}-{n}.jpg" for n in range(w.number(0, 3))],
                "attributes": {
                    "color": w.some(["red", "blue", "black"]),
                    "size": w.some("SML"),
                    "weight": w.maybe(w.number(50, 900), 0.8),
                },
                "related": w.few(range(1, 81), 3),
                "active": int(w.chance(0.9)),
            }
        )
    customers = [
        {
            "id": number,
            "first_name": w.first(),
            "last_name": w.last(),
            "email": w.email(),
            "phone": w.maybe(w.phone(), 0.6, ""),
            "password": w.bcrypt(),
            "address": {
                "street": f"{w.name()} {w.number(1, 90)}",
                "city": w.city(),
                "zip": f"{w.number(1000, 99999):05d}",
                "country": w.some(["UA", "DE", "PT", "FR"]),
            },
            "newsletter": w.chance(0.4),
            "created_at": w.sql_time(),
        }
        for number in range(1, 56)
    ]
    coupons = {
        w.fresh(lambda: w.some(["SPRING", "HELLO", "VIP", "SALE"]) + str(w.number(5, 60))): {
            "percent": w.some([5, 10, 15, 20]),
            "valid_until": w.iso_day(),
            "used": w.number(0, 40),
        }
        for _ in range(9)
    }
    orders = []
    for number in range(1, 141):
        customer = w.some(customers)
        items = [
            {"product_id": p["id"], "sku": p["sku"], "name": p["name"], "price": p["price"], "quantity": w.number(1, 4)}
            for p in w.few(products, 4, 1)
        ]
        orders.append(
            {
                "id": number,
                "number": f"2023-{number:05d}",
                "customer": {
                    "id": customer["id"],
                    "name": f"{customer['first_name']} {customer['last_name']}",
                    "email": customer["email"],
                },
                "items": items,
                "shipping": {"method": w.some(["post", "courier", "pickup"]), "price": w.some([0, 4.9, 9.9])},
                "coupon": w.some(list(coupons)) if w.chance(0.25) else None,
                "status": w.some(["new", "paid", "shipped", "cancelled"]),
                "total": round(sum(item["price"] * item["quantity"] for item in items), 2),
                "created_at": w.sql_time(),
            }
        )
    reviews = [
        {
            "id": number,
            "product_id": 97 if number == 31 else w.number(1, 80),
            "customer_id": w.number(1, 55),
            "rating": w.number(1, 5),
            "title": w.words(),
            "text": w.maybe(w.text(3), 0.8, ""),
            "date": w.iso_day(),
        }
        for number in range(1, 91)
    ]
    return [
        php_pretty("categories.json", categories),
        php_pretty("products.json", products),
        php_pretty("customers.json", customers),
        php_pretty("coupons.json", coupons),
        php_pretty("orders.json", orders),
        php_pretty("reviews.json", reviews),
    ]
