"""A parcel carrier in Node: a file for each parcel, courier, account and tour; office people known by e-mail."""

from datetime import datetime, timedelta
from typing import Any

from store_files import File, comma, each, lines, node
from store_words import Words, slug

Record = dict[str, Any]

CITIES = {
    "LEJ": "Leipzig",
    "BER": "Berlin",
    "GRZ": "Graz",
    "LYS": "Lyon",
    "TRN": "Turin",
    "UTR": "Utrecht",
    "GNT": "Ghent",
}
TARIFFS = (
    ("XS", "Letterbox", 1000, "3.20", "no"),
    ("S", "Small", 2000, "4.90", "no"),
    ("M", "Medium", 5000, "6.75", "no"),
    ("L", "Large", 10000, "9.50", "no"),
    ("XL", "Bulky", 31500, "17.90", "no"),
    ("EX1", "Express 10:00", 5000, "19.90", "yes"),
    ("EX2", "Express 12:00", 10000, "16.40", "yes"),
    ("RET", "Return", 10000, "4.10", "no"),
)


def party(w: Words) -> Record:
    return {
        "name": f"{w.first()} {w.last()}",
        "email": w.email(),
        "address": {
            "street": f"{w.words(1, 1).capitalize()} {w.some(['Street', 'Lane', 'Gate'])} {w.number(1, 180)}",
            "postcode": f"{w.number(1000, 99999):05d}",
            "city": w.city(),
        },
    }


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def handle_of(w: Words, first: str, last: str) -> str:
    """A first name with some letters of the last one, given once."""
    return w.fresh(lambda: first + last[: w.number(1, 3)])


def make(w: Words) -> list[File]:
    codes = list(CITIES)
    staff = make_staff(w, codes)
    office = [one["email"] for one in staff]
    depots = make_depots(w, office)
    pairs = [(a, b) for a in codes for b in codes if a != b]
    routes = [
        {
            "from": a,
            "to": b,
            "departs": f"{w.some([20, 21, 22, 23])}:{w.some(['00', '20', '45'])}",
            "minutes": w.number(9, 90) * 10,
        }
        for a, b in pairs
        if w.chance(0.6)
    ]
    couriers = make_couriers(w, codes)
    handles = list(couriers)
    w.random.shuffle(handles)
    companies = [w.fresh(lambda: f"{w.name()} {w.some(['GmbH', 'BV', 'SARL', 'Ltd', 'Srl'])}") for _ in range(26)]
    accounts = make_accounts(w, office, companies)
    keys = list(accounts)
    tariffs = [
        {"code": code, "name": name, "max_weight_g": most, "price": price, "currency": "EUR", "express": express}
        for code, name, most, price, express in TARIFFS
    ]
    shippers = make_shippers(w, accounts)
    people = [party(w) for _ in range(170)]
    parcels = make_parcels(w, codes, handles, keys, shippers, people)
    numbers = list(parcels)
    w.random.shuffle(numbers)
    claims = make_claims(w, office, numbers)
    tours = make_tours(w, handles, numbers)
    scans = make_scans(w, codes, numbers)
    return [
        *each("parcels", parcels),
        *each("couriers", couriers),
        *each("accounts", accounts),
        *each("tours", tours),
        node("depots.json", depots),
        node("staff.json", staff),
        node("routes.json", routes),
        comma("tariffs.csv", tariffs),
        node("claims.json", claims),
        lines("scans.ndjson", scans),
    ]


def make_staff(w: Words, codes: list[str]) -> list[Record]:
    staff = []
    for _ in range(16):
        name = w.person()
        staff.append(
            {
                "email": f"{slug(name).replace('-', '.')}@parcels.example",
                "name": name,
                "role": w.some(["dispatcher", "dispatcher", "claims", "sales", "sales", "manager"]),
                "passwordHash": w.bcrypt(),
                "mfa": w.chance(0.5),
                "depots": w.few(codes, 3),
                "lastLogin": w.maybe(w.iso_time(), 0.9),
            }
        )
    return staff


def make_depots(w: Words, office: list[str]) -> list[Record]:
    return [
        {
            "code": code,
            "city": city,
            "opens": w.some(["05:00", "06:00", "06:30"]),
            "closes": w.some(["20:00", "21:30", "23:00"]),
            "docks": w.number(4, 22),
            "manager": w.some(office[:8]),
        }
        for code, city in CITIES.items()
    ]


def make_couriers(w: Words, codes: list[str]) -> dict[str, Record]:
    couriers = {}
    for _ in range(31):
        first, last = w.first(), w.last()
        handle = handle_of(w, first.lower(), slug(last))
        couriers[handle] = {
            "name": f"{first} {last}",
            "phone": w.phone(),
            "depot": w.skewed(codes),
            "shift": w.some(["early", "early", "late", "weekend"]),
            "vehicle": {
                "plate": f"{w.some(codes)[0]}-{w.hex(2).upper()} {w.number(100, 999)}",
                "kind": w.some(["van", "van", "bike"]),
            },
            "languages": w.few(["de", "en", "fr", "it", "nl", "uk", "tr"], 3, 1),
            "pinHash": w.sha1(),
            "hired": w.iso_day(),
            "active": w.chance(0.85),
        }
    return couriers


def make_accounts(w: Words, office: list[str], companies: list[str]) -> dict[str, Record]:
    accounts = {}
    for company in companies:
        number = w.uuid()
        account = {
            "id": number,
            "company": company,
            "vatNumber": f"{w.some(['DE', 'NL', 'IT', 'AT'])}{w.number(10**8, 10**9 - 1)}",
            "billing": {
                "iban": f"DE{w.number(10**9, 10**10 - 1)}{w.number(10**9, 10**10 - 1)}",
                "email": f"invoices@{slug(company)}.example",
                "termsDays": w.some([14, 30, 30, 45]),
            },
            "contacts": [
                {"name": w.person(), "email": w.email(), "role": w.some(["warehouse", "accounts", "owner"])}
                for _ in range(w.number(1, 3))
            ],
            "apiToken": w.hex(40),
            "discount": w.some([0, 0, 0.05, 0.1, 0.125]),
        }
        if w.chance(0.7):
            account["accountManager"] = w.skewed(office)
        accounts[number] = account
    return accounts


def make_shippers(w: Words, accounts: dict[str, Record]) -> dict[str, Record]:
    return {
        number: {
            "name": account["company"],
            "email": account["contacts"][0]["email"],
            "address": party(w)["address"],
        }
        for number, account in accounts.items()
    }


def make_parcels(
    w: Words, codes: list[str], handles: list[str], keys: list[str], shippers: dict[str, Record], people: list[Record]
) -> dict[str, Record]:
    parcels: dict[str, Record] = {}
    for n in range(260):
        tracking = f"PX{48_200_000 + n * 37 + w.number(0, 30)}{w.some(['DE', 'NL', 'IT'])}"
        born = w.moment()
        home = w.skewed(codes)
        account = w.maybe(w.skewed(keys), 0.7)
        courier = w.maybe(w.skewed(handles), 0.75)
        status = (
            w.some(["delivered"] * 6 + ["returned", "lost", "held"]) if courier else w.some(["announced", "in-depot"])
        )
        back = list(parcels) if n > 20 and w.chance(0.07) else []
        steps = ["announced", "received", "loaded", status] if courier else ["announced"]
        parcel = {
            "tracking": tracking,
            "accountId": account,
            "sender": shippers[account] if account else w.some(people),
            "recipient": w.skewed(people),
            "service": "RET" if back else w.skewed(["S", "M", "XS", "L", "EX1", "XL", "EX2"]),
            "weightGrams": w.number(80, 9000),
            "depot": home,
            "courier": courier,
            "status": status,
            "createdAt": iso(born),
            "history": [
                {
                    "at": iso(born + timedelta(hours=7 * place + w.number(0, 6))),
                    "code": step,
                    "depot": home if place < 2 else w.some(codes),
                    "by": courier if place >= 2 else None,
                }
                for place, step in enumerate(steps)
            ],
        }
        if w.chance(0.2):
            parcel["declaredValue"] = w.price(900)
        if back:
            parcel["returnOf"] = w.some(back)
        parcels[tracking] = parcel
    return parcels


def make_claims(w: Words, office: list[str], numbers: list[str]) -> list[Record]:
    claims = []
    for n in range(1, 61):
        closed = w.chance(0.6)
        born = w.moment()
        claims.append(
            {
                "id": 500 + n + n // 8,
                "tracking": "PX47000001DE" if n == 9 else w.skewed(numbers),
                "reason": w.some(["damaged", "damaged", "lost", "late", "wrong address"]),
                "comment": w.sentence(),
                "amount": w.price(400),
                "openedBy": w.skewed(office),
                "approvedBy": w.some(office[:5]) if closed else None,
                "status": w.some(["paid", "rejected"]) if closed else "open",
                "openedAt": iso(born),
                "closedAt": iso(born + timedelta(days=w.number(1, 40))) if closed else None,
                "attachments": [
                    {"file": f"{w.hex(12)}.jpg", "bytes": w.number(20_000, 4_000_000)} for _ in range(w.number(0, 3))
                ],
            }
        )
    return claims


def make_tours(w: Words, handles: list[str], numbers: list[str]) -> dict[str, Record]:
    tours = {}
    for _ in range(70):
        day, handle = w.iso_day(), w.skewed(handles)
        tours[f"{day}-{handle}"] = {
            "date": day,
            "courier": handle,
            "km": round(12 + w.random.random() * 120, 1),
            "stops": [
                {
                    "seq": seq,
                    "tracking": number,
                    "eta": f"{8 + seq:02d}:{w.number(0, 59):02d}",
                    "delivered": w.chance(0.85),
                    "signedBy": w.maybe(w.last(), 0.6),
                }
                for seq, number in enumerate(w.few(numbers, 8, 2), 1)
            ],
        }
    return tours


def make_scans(w: Words, codes: list[str], numbers: list[str]) -> list[Record]:
    return sorted(
        (
            {
                "ts": w.unix_ms(),
                "tracking": w.skewed(numbers),
                "depot": w.skewed(codes),
                "device": f"HS-{w.number(1, 14):02d}",
                "type": w.some(["in", "in", "out", "damage", "weigh"]),
            }
            for _ in range(420)
        ),
        key=lambda scan: scan["ts"],
    )
