"""A crowdfunding site in PHP: uniqid() keys, campaigns as a map with rewards inside, pledges exported as CSV."""

from typing import Any

from store_files import File, comma, each, php
from store_words import Words, slug

Record = dict[str, Any]

COUNTRIES = (
    "AT Austria|BE Belgium|CH Switzerland|DE Germany|ES Spain|FI Finland|FR France|GB United Kingdom|IE Ireland|"
    "IT Italy|NL Netherlands|NO Norway|PL Poland|PT Portugal|SE Sweden|UA Ukraine"
).split("|")
VAT = (20, 21, 8.1, 19, 21, 25.5, 20, 20, 23, 22, 21, 25, 23, 23, 25, 20)
OUTSIDE_EU = ("CH", "GB", "NO", "UA")
CATEGORIES = {
    "art": ("Art", None),
    "film": ("Film & Video", None),
    "music": ("Music", None),
    "tech": ("Technology", None),
    "food": ("Food", None),
    "murals": ("Murals", "art"),
    "sculpture": ("Sculpture", "art"),
    "short-film": ("Short films", "film"),
    "documentary": ("Documentaries", "film"),
    "vinyl": ("Vinyl", "music"),
    "jazz": ("Jazz", "music"),
    "gadgets": ("Gadgets", "tech"),
    "open-hardware": ("Open hardware", "tech"),
    "bakeries": ("Bakeries", "food"),
}
CURRENCIES = [
    ("EUR", "Euro", "€", "1.0000"),
    ("CHF", "Swiss franc", "Fr", "0.9523"),
    ("GBP", "Pound sterling", "£", "0.8571"),
    ("SEK", "Swedish krona", "kr", "11.4310"),
    ("PLN", "Złoty", "zł", "4.3125"),
    ("NOK", "Norwegian krone", "kr", "11.6120"),
]


def make(w: Words) -> list[File]:
    countries = [
        {"iso": country[:2], "name": country[3:], "vat": vat, "eu": int(country[:2] not in OUTSIDE_EU)}
        for country, vat in zip(COUNTRIES, VAT, strict=True)
    ]
    currencies = [
        {"code": code, "name": name, "symbol": symbol, "rate": rate} for code, name, symbol, rate in CURRENCIES
    ]
    staff = make_staff(w)
    crew = list(staff)
    backers = make_backers(w)
    ids = [b["id"] for b in backers]
    categories = {
        key: {"name": name, "parent": parent, "sort": 10 * n}
        for n, (key, (name, parent)) in enumerate(CATEGORIES.items(), 1)
    }
    campaigns = make_campaigns(w, backers, ids)
    running = w.few([c for c, campaign in campaigns.items() if campaign["status"] != "draft"], 48, 30)
    pledges = make_pledges(w, ids, campaigns, running)
    updates = make_updates(w, ids, campaigns, running)
    payouts = make_payouts(w, crew, campaigns, running)
    referrals = make_referrals(w, ids, running)
    flags = make_flags(w, crew, ids, campaigns, updates)
    return [
        comma("countries.csv", countries),
        comma("currencies.csv", currencies),
        php("staff.json", staff),
        php("backers.json", backers),
        php("categories.json", categories),
        php("campaigns.json", campaigns),
        comma("pledges.csv", pledges),
        *each("updates", updates, "php pretty"),
        php("payouts.json", payouts),
        php("referrals.json", referrals),
        php("flags.json", flags),
    ]


def make_staff(w: Words) -> dict[str, Record]:
    return {
        w.username(): {
            "password": w.bcrypt(),
            "role": role,
            "last_seen": w.maybe(w.sql_time(), 0.9),
        }
        for role in ("admin", "finance", "finance", "support", "support", "support")
    }


def make_backers(w: Words) -> list[Record]:
    backers = []
    for _ in range(170):
        name = w.person()
        backers.append(
            {
                "id": w.uniqid(),
                "email": w.email(name),
                "password": w.bcrypt(),
                "name": name,
                "country": w.some(["DE", "DE", "FR", "NL", "UA", "PL", "AT", "IT", "GB", "SE", "PT"]),
                "verified": int(w.chance(0.9)),
                "newsletter": int(w.chance(0.4)),
                "created": w.sql_time(),
            }
        )
    return backers


def make_campaigns(w: Words, backers: list[Record], ids: list[str]) -> dict[str, Record]:
    campaigns = {}
    for _ in range(48):
        title = w.title()
        starts = w.day()
        rewards = [
            {
                "code": f"R{n}",
                "title": w.words(2, 4).capitalize(),
                "amount": w.some([5, 10, 15, 25, 39, 49, 99, 12.5]) * n,
                "limit": w.maybe(w.number(5, 200), 0.4),
                "shipping": w.chance(0.6),
            }
            for n in range(1, w.number(3, 6))
        ]
        campaign = {
            "slug": slug(title),
            "title": title,
            "owner": w.skewed(ids[:60], 1.8),
            "category": w.skewed([c for c in CATEGORIES if c != "sculpture"], 1.8),
            "currency": w.some(["EUR", "EUR", "EUR", "EUR", "CHF", "GBP", "SEK", "PLN"]),
            "goal": w.number(2, 80) * 500,
            "starts": starts.isoformat(),
            "ends": w.after(starts, 60),
            "status": w.some(["draft", "live", "funded", "funded", "failed"]),
            "pitch": w.sentence(),
            "story": "\n\n".join(w.text(8) for _ in range(w.number(3, 6))),
            "rewards": rewards,
            "team": [
                {"email": b["email"], "job": w.some(["producer", "design", "sound", "press", "maker"])}
                for b in w.few(backers, 4)
            ],
        }
        if w.chance(0.6):
            campaign["links"] = {"website": f"https://{slug(title)}.example", "video": w.maybe(w.hex(8), 0.5)}
        campaigns[w.uniqid()] = campaign
    return campaigns


def make_pledges(w: Words, ids: list[str], campaigns: dict[str, Record], running: list[str]) -> list[Record]:
    pledges = []
    for n in sorted(w.few(range(10_001, 10_900), 620, 620)):
        key = w.skewed(running, 1.8)
        reward = w.maybe(w.some(campaigns[key]["rewards"]), 0.9)
        pledges.append(
            {
                "id": n,
                "campaign": key,
                "backer": w.uniqid() if n % 97 == 5 else w.skewed(ids, 1.8),
                "reward_title": reward["title"] if reward else "",
                "amount": f"{reward['amount'] if reward else w.number(1, 60):.2f}",
                "currency": campaigns[key]["currency"] if w.chance(0.9) else "EUR",
                "status": w.some(["paid", "paid", "paid", "pending", "refunded"]),
                "anonymous": int(w.chance(0.1)),
                "pledged_at": w.sql_time(),
            }
        )
    return pledges


def make_updates(w: Words, ids: list[str], campaigns: dict[str, Record], running: list[str]) -> dict[str, Record]:
    updates = {}
    for n in sorted(w.few(range(1, 130), 95, 95)):
        key = w.skewed(running, 1.8)
        updates[str(n)] = {
            "campaign": key,
            "author": campaigns[key]["owner"],
            "title": w.title(),
            "body": "\n".join(w.text(9) for _ in range(w.number(3, 5))),
            "posted": w.sql_time(),
            "backers_only": w.chance(0.3),
            "comments": [
                {"by": w.skewed(ids, 1.8), "text": w.sentence(), "at": w.sql_time(), "likes": w.few(ids, 4)}
                for _ in range(w.number(0, 4))
            ],
        }
    return updates


def make_payouts(w: Words, crew: list[str], campaigns: dict[str, Record], running: list[str]) -> list[Record]:
    payouts = []
    for n, key in enumerate((k for k in running if campaigns[k]["status"] == "funded"), 1):
        for part in range(w.number(1, 3)):
            amount = w.number(500, 30_000) + w.some([0, 0.5, 0.25, 0.75])
            payouts.append(
                {
                    "id": n * 4 + part,
                    "campaign": {"id": key, "title": campaigns[key]["title"]},
                    "amount": amount,
                    "fee": round(amount * 0.05, 2),
                    "iban": f"DE{w.number(10, 99)}{w.number(10**17, 10**18 - 1)}",
                    "approved_by": w.some(crew[:3]),
                    "paid_on": w.maybe(w.iso_day(), 0.9),
                }
            )
    return payouts


def make_referrals(w: Words, ids: list[str], running: list[str]) -> list[Record]:
    return [
        {
            "code": w.fresh(lambda: w.nano_id(7).upper().replace("-", "7").replace("_", "Z")),
            "campaign": w.skewed(running, 1.8),
            "backer": w.some(ids),
            "clicks": w.number(0, 400),
            "made": w.offset_time(),
        }
        for _ in range(70)
    ]


def make_flags(
    w: Words, crew: list[str], ids: list[str], campaigns: dict[str, Record], updates: dict[str, Record]
) -> list[Record]:
    flags = []
    for n in sorted(w.few(range(1, 60), 45, 45)):
        kind = w.some(["campaign", "update", "backer"])
        flags.append(
            {
                "id": n,
                "item_type": kind,
                "item_id": w.some({"campaign": list(campaigns), "update": list(updates), "backer": ids}[kind]),
                "raised_by": w.some(ids),
                "reason": w.some(["spam", "fraud", "offensive", "other"]),
                "handled_by": w.maybe(w.some(crew[3:]), 0.7),
                "raised": w.sql_time(),
            }
        )
    return flags
