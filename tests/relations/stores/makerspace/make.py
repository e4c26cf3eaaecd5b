"""A makerspace in Node: a file per machine and incident, CSV from the power meters, a till that appends lines."""

from typing import Any

from store_files import File, comma, each, lines, node
from store_words import Words, slug

Record = dict[str, Any]

MACHINES = (
    "Laser Cutter|CNC Mill|Table Saw|Band Saw|Big Lathe|Small Lathe|Prusa One|Prusa Two|Resin Printer|Vinyl Plotter|"
    "Sewing Machine|Overlocker|Kiln|Soldering Bench|Oscilloscope|MIG Welder|Sandblaster|Heat Press|Drill Press|Planer"
).split("|")
GOODS = (
    "Plywood 3 mm|Plywood 6 mm|MDF 4 mm|Acrylic clear|Acrylic black|PLA white|PLA grey|PETG blue|Resin grey|Vinyl red|"
    "Vinyl black|Solder wire|M3 screws|M5 screws|Felt|Canvas|Clay 10 kg|Glaze|Sandpaper 120|Sandpaper 240|Argon|"
    "Welding wire|Coffee|Lemonade|Oak board|Pine board|Thread|Zip ties"
).split("|")
AREAS = (
    ("wood", "Wood shop", 0, 2),
    ("metal", "Metal shop", 0, 5),
    ("digital", "Digital lab", 1, 2),
    ("textile", "Textile corner", 1, 9),
    ("ceramics", "Ceramics", -1, 14),
    ("lounge", "Lounge", 1, None),
)


def make(w: Words) -> list[File]:
    slugs = [slug(name) for name in MACHINES]
    tiers = make_tiers()
    ids = sorted(w.few(range(1, 131), 96, 96))
    keen = w.few(ids, 96, 96)
    members = make_members(w, slugs, ids, keen)
    areas = [
        {"key": key, "label": label, "floor": floor, "lead": None if lead is None else keen[lead]}
        for key, label, floor, lead in AREAS
    ]
    machines = make_machines(w, keen)
    suppliers = make_suppliers(w)
    materials = make_materials(w, suppliers)
    usage = make_usage(w, slugs, keen)
    sales = make_sales(w, keen, materials)
    mails = w.few([m["email"] for m in members], 96, 96)
    incidents = make_incidents(w, slugs, mails)
    config = make_config(keen)
    return [
        node("tiers.json", tiers),
        node("members.json", members),
        node("areas.json", areas),
        *each("machines", machines),
        node("suppliers.json", suppliers),
        comma("materials.csv", materials),
        comma("usage.csv", usage),
        lines("sales.ndjson", sales),
        *each("incidents", incidents),
        node("config.json", config),
    ]


def make_tiers() -> dict[str, Record]:
    return {
        "Basic": {"monthly": 19, "hours": 20, "locker": False},
        "Full": {"monthly": 39.5, "hours": 200, "locker": False},
        "Full + Locker": {"monthly": 46.5, "hours": 200, "locker": True},
        "Student": {"monthly": 12.5, "hours": 40, "locker": False},
        "Honorary": {"monthly": 0, "hours": 200, "locker": True},
    }


def make_members(w: Words, slugs: list[str], ids: list[int], keen: list[int]) -> list[Record]:
    members = []
    for n in ids:
        name = w.person()
        member = {
            "id": n,
            "name": name,
            "email": w.email(name),
            "tier": w.some(["Basic", "Basic", "Full", "Full", "Full + Locker", "Student"]),
            "joined": w.iso_day(),
        }
        if w.chance(0.8):
            member["card"] = w.hex(8).upper()
        if n > 25 and w.chance(0.5):
            member["mentor"] = w.some([m for m in ids if m < 25])
        if w.chance(0.7):
            member["emergency"] = {"name": f"{w.first()} {w.last()}", "phone": w.phone()}
        member["trainings"] = [
            {"machine": machine, "on": w.iso_day(), "by": w.some(keen[:12])} for machine in w.few(slugs, 5)
        ]
        members.append(member)
    return members


def make_machines(w: Words, keen: list[int]) -> dict[str, Record]:
    machines = {}
    for name in MACHINES:
        machine = {
            "name": name,
            "area": w.some(["wood", "metal", "digital", "textile", "ceramics"]),
            "status": w.some(["ok", "ok", "ok", "defect", "in repair"]),
            "trainingRequired": w.chance(0.6),
            "maintainers": w.few(keen[:30], 3),
        }
        if w.chance(0.8):
            machine["serial"] = f"{w.some('ABCDE')}{w.number(100, 999)}-{w.number(10000, 99999)}"
        machine["purchased"] = {
            "date": w.iso_day(),
            "price": w.number(60, 6000) + w.some([0, 0.5, 0.99, 0.9]),
            "vendor": w.some(["Toolhaus", "Craftonia", "second hand", "Metallika"]),
        }
        machines[slug(name)] = machine
    return machines


def make_suppliers(w: Words) -> list[Record]:
    return [
        {
            "id": n,
            "company": f"{w.name()} {w.some(['Ltd', 'GmbH', 'BV', 'Supplies'])}",
            "orders_email": w.email(),
            "phone": w.maybe(w.phone(), 0.7),
            "customer_no": w.maybe(str(w.number(10000, 99999)), 0.6, ""),
        }
        for n in (1, 2, 3, 5, 6, 8, 9, 12)
    ]


def make_materials(w: Words, suppliers: list[Record]) -> list[Record]:
    return [
        {
            "sku": f"{good[:2].upper()}-{n:03d}",
            "name": good,
            "unit": w.some(["piece", "sheet", "kg", "m"]),
            "unit_price": f"{w.price(40):.2f}",
            "stock": w.number(0, 200),
            "supplier_id": w.maybe(w.skewed(suppliers, 1.8)["id"], 0.85),
        }
        for n, good in enumerate(GOODS, 1)
    ]


def make_usage(w: Words, slugs: list[str], keen: list[int]) -> list[Record]:
    return [
        {
            "start": start,
            "member_id": {77: 134, 301: 140, 388: 134}.get(place) or w.skewed(keen, 1.8),
            "machine": w.skewed(slugs, 1.8),
            "minutes": w.number(2, 240),
            "kwh": f"{w.random.uniform(0.01, 6):.3f}",
        }
        for place, start in enumerate(sorted(w.sql_time() for _ in range(420)))
    ]


def make_sales(w: Words, keen: list[int], materials: list[Record]) -> list[Record]:
    sales = []
    for ts in sorted(w.unix_ms() for _ in range(260)):
        items = [
            {"sku": materials[place]["sku"], "qty": w.number(1, 6), "price": float(materials[place]["unit_price"])}
            for place in dict.fromkeys(w.skewed(range(len(materials)), 1.8) for _ in range(w.number(1, 4)))
        ]
        sale = {"ts": ts, "items": items, "total": round(sum(i["qty"] * i["price"] for i in items), 2)}
        if w.chance(0.85):
            sale["member"] = w.skewed(keen, 1.8)
        sale["paid"] = w.some(["cash", "card", "account"])
        sales.append(sale)
    return sales


def make_incidents(w: Words, slugs: list[str], mails: list[str]) -> dict[str, Record]:
    return {
        w.nano_id(8).replace("-", "x"): {
            "machine": w.skewed(slugs, 1.8),
            "reportedBy": w.skewed(mails, 1.8),
            "severity": w.some(["low", "low", "medium", "high"]),
            "what": w.text(3),
            "injury": w.chance(0.05),
            "opened": w.iso_time(),
            "closed": w.maybe(w.iso_time(), 0.8),
            "log": [
                {"at": w.iso_time(), "by": w.some(mails[:25]), "text": w.sentence()} for _ in range(w.number(0, 4))
            ],
        }
        for _ in range(54)
    }


def make_config(keen: list[int]) -> Record:
    return {
        "spaceName": "Werkraum",
        "currency": "EUR",
        "guestsAllowed": True,
        "treasurer": keen[3],
        "opening": {"mon": "16-22", "wed": "16-22", "fri": "14-23", "sat": "10-20"},
        "mail": {"host": "smtp.werkraum.example", "port": 587, "from": "space@werkraum.example"},
    }
