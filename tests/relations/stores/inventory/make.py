"""A stockroom in CSV: SKUs and codes for keys, stock by item and warehouse, movements from and to, clerks by login."""

from store_files import File, comma
from store_words import Words


def make(w: Words) -> list[File]:
    suppliers = [
        {"code": code, "name": w.name(), "contact": w.person(), "email": w.email(), "lead_days": w.number(1, 30)}
        for code in (w.fresh(lambda: w.hex(3).upper() + "S") for _ in range(12))
    ]
    warehouses = [
        {"code": code, "name": w.name(), "city": w.city(), "manager": ""}
        for code in ("NORTH", "SOUTH", "PORT", "SHOP", "YARD")
    ]
    staff = [
        {
            "login": w.username(),
            "name": w.person(),
            "role": w.some(["clerk", "driver", "manager"]),
            "warehouse": w.some(warehouses)["code"],
        }
        for _ in range(17)
    ]
    for each in warehouses:
        each["manager"] = w.some(staff)["login"]
    items = [
        {
            "sku": f"{w.some(['BLT', 'NUT', 'PIP', 'VLV'])}-{number:04d}",
            "name": w.title(),
            "category": w.some(["bolts", "pipes", "tools"]),
            "unit": w.some(["pcs", "m", "kg"]),
            "price": f"{w.price(80):.2f}",
            "min_qty": w.some([0, 5, 10, 50]),
            "supplier": w.some(suppliers)["code"],
        }
        for number in range(7, 112)
    ]
    skus = [each["sku"] for each in items]
    places = [each["code"] for each in warehouses]
    stock = [
        {"sku": sku, "warehouse": place, "qty": w.number(0, 300), "counted_on": w.maybe(w.iso_day(), 0.9, "")}
        for sku in skus
        for place in w.few(places, 4, 1)
    ]
    movements = [
        {
            "id": number,
            "date": w.iso_day(),
            "sku": w.some(skus),
            "from_wh": w.maybe(w.some(places), 0.8, ""),
            "to_wh": w.maybe(w.some(places), 0.8, ""),
            "qty": w.number(1, 60),
            "by": w.some(staff)["login"],
            "note": w.maybe(w.words(), 0.3, ""),
        }
        for number in range(1, 221)
    ]
    for number in (30, 31, 140):
        movements[number]["sku"] = "OLD-0001"
    return [
        comma("suppliers.csv", suppliers),
        comma("warehouses.csv", warehouses),
        comma("staff.csv", staff),
        comma("items.csv", items),
        comma("stock.csv", stock),
        comma("movements.csv", movements),
    ]
