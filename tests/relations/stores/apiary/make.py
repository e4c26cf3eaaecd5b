"""A beekeepers' association in PHP: hives keyed by uniqid, members by number or id, a honey register kept as CSV."""

from datetime import timedelta
from typing import Any

from store_files import File, comma, php, php_pretty
from store_words import Words

Record = dict[str, Any]

REMEDIES = (
    ("Api-Bioxal", "oxalic acid", 0, 1),
    ("Formic 60%", "formic acid", 0, 1),
    ("MAQS", "formic acid", 0, 1),
    ("Apiguard", "thymol", 0, 1),
    ("Apistan", "tau-fluvalinate", 0, 0),
    ("Bayvarol", "flumethrin", 0, 0),
    ("Thymovar", "thymol", 3, 1),
    ("Apivar", "amitraz", 42, 0),
)


def make(w: Words) -> list[File]:
    ids = sorted(w.random.sample(range(1, 76), 58))
    numbers = [f"BK-{n:04d}" for n in w.random.sample(range(11, 700), 58)]
    members = make_members(w, ids, numbers)
    keepers = w.few(members, 41, 41)
    inspectors = w.few(numbers, 5, 5)
    sites = make_sites(w, keepers)
    queens, tags = make_queens(w, keepers)
    hives = make_hives(w, keepers, sites, tags)
    codes = list(hives)
    w.random.shuffle(codes)
    remedies = [
        {"name": name, "substance": substance, "withdrawal_days": days, "organic": organic}
        for name, substance, days, organic in REMEDIES
    ]
    inspections = make_inspections(w, keepers, codes)
    treatments = make_treatments(w, inspectors, codes, remedies)
    by_number = {each["membership_no"]: each for each in members}
    harvest = make_harvest(w, hives, codes, by_number)
    loans = make_loans(w, keepers)
    return [
        php_pretty("members.json", members),
        php_pretty("sites.json", sites),
        php_pretty("queens.json", queens),
        php_pretty("hives.json", hives),
        php_pretty("remedies.json", remedies),
        php("inspections.json", inspections),
        php("treatments.json", treatments),
        comma("harvest.csv", harvest),
        php_pretty("loans.json", {"last_id": 39, "loans": [each for each in loans if each["id"] not in (3, 11, 28)]}),
    ]


def make_members(w: Words, ids: list[int], numbers: list[str]) -> list[Record]:
    members = []
    for place, n in enumerate(ids):
        first, last = w.first(), w.last()
        member = {
            "id": n,
            "membership_no": numbers[place],
            "first_name": first,
            "last_name": last,
            "email": w.email(f"{first} {last}"),
            "password": w.bcrypt(),
            "role": w.some(["member"] * 8 + ["inspector", "treasurer", "chair"]),
            "mentor_id": w.some(ids[:place]) if place > 8 and w.chance(0.4) else None,
            "joined": w.iso_day(),
            "active": 1 if w.chance(0.9) else 0,
            "address": {
                "street": f"{w.words(1, 1).capitalize()} {w.some(['Lane', 'Road', 'Row', 'Close'])} {w.number(1, 120)}",
                "zip": f"{w.number(0, 99999):05d}",
                "town": w.city(),
            },
        }
        if w.chance(0.6):
            member["phone"] = w.phone()
        members.append(member)
    return members


def make_sites(w: Words, keepers: list[Record]) -> list[Record]:
    return [
        {
            "id": n,
            "name": w.name() + w.some([" Meadow", " Orchard", " Hill", ""]),
            "owner_id": w.skewed(keepers, 1.8)["id"],
            "lat": round(51 + w.random.random() * 2, 5),
            "lng": round(-2 + w.random.random() * 3, 5),
            "altitude": w.number(5, 420),
            "forage": w.few(["lime", "rape", "heather", "clover", "fruit", "ivy", "borage"], 4),
            "registered": w.sql_time(),
        }
        for n in range(1, 27)
        if n not in (4, 19)
    ]


def make_queens(w: Words, keepers: list[Record]) -> tuple[list[Record], list[str]]:
    queens: list[Record] = []
    tags: list[str] = []
    for n in range(1, 96):
        year = 2018 + n // 16
        tag = f"{year % 100}-{n:03d}"
        queens.append(
            {
                "tag": "Q" + tag,
                "race": w.some(["carnica", "buckfast", "buckfast", "mellifera", "ligustica"]),
                "born": year,
                "colour": ["blue", "white", "yellow", "red", "green"][year % 5],
                "mother": w.some(tags) if len(tags) > 12 and w.chance(0.55) else None,
                "breeder": w.maybe(w.skewed(keepers, 1.8)["id"], 0.7),
                "marked": w.number(0, 1),
            }
        )
        tags.append("Q" + tag)
    w.random.shuffle(tags)
    return queens, tags


def make_hives(w: Words, keepers: list[Record], sites: list[Record], tags: list[str]) -> dict[str, Record]:
    return {
        w.uniqid(): {
            "label": f"{w.some('ABCD')}{w.number(1, 15)}",
            "site": w.skewed(sites, 1.8)["id"],
            "keeper": w.skewed(keepers, 1.8)["membership_no"],
            "queen": tags[n] if n % 9 else None,
            "type": w.some(["National", "National", "Dadant", "Langstroth", "Warre"]),
            "built": w.number(2008, 2024),
            "frames": w.some([8, 10, 11, 12]),
        }
        for n in range(1, 88)
    }


def make_inspections(w: Words, keepers: list[Record], codes: list[str]) -> list[Record]:
    inspections = []
    for n in range(1, 311):
        if w.chance(0.03):
            continue
        record = {
            "id": n,
            "hive": w.uniqid() if n in (17, 140, 141) else w.skewed(codes, 1.8),
            "by": w.skewed(keepers, 1.8)["id"],
            "at": w.unix(),
            "brood_frames": w.number(0, 9),
            "temper": w.number(1, 5),
            "varroa": w.maybe(round(w.random.random() * 6, 1), 0.5),
            "checks": {"eggs": w.chance(0.8), "queen_seen": w.chance(0.5), "stores_ok": w.chance(0.85)},
            "actions": w.few(["super added", "fed syrup", "cells destroyed", "split", "cleaned floor"], 2),
        }
        if w.chance(0.4):
            record["notes"] = w.text(3)
        inspections.append(record)
    return inspections


def make_treatments(w: Words, inspectors: list[str], codes: list[str], remedies: list[Record]) -> list[Record]:
    return [
        {
            "id": n,
            "hive": w.skewed(codes, 1.8),
            "remedy": w.skewed(remedies, 1.8)["name"],
            "applied": w.iso_day(),
            "dose_ml": w.some([5, 10, 30, 50, 60]),
            "approved_by": w.maybe(w.some(inspectors), 0.8),
        }
        for n in range(1, 91)
    ]


def make_harvest(w: Words, hives: dict[str, Record], codes: list[str], by_number: dict[str, Record]) -> list[Record]:
    harvest = []
    for n in range(1, 133):
        hive = w.skewed(codes, 1.8)
        day = w.day()
        harvest.append(
            {
                "lot": f"L{day.year}-{n:03d}",
                "date": day.isoformat(),
                "hive": hive,
                "keeper_email": by_number[hives[hive]["keeper"]]["email"],
                "crop": w.some(["spring", "summer", "heather"]),
                "kg": f"{w.number(2, 34)}.{w.number(0, 9)}",
                "moisture": w.maybe(f"{w.number(15, 20)}.{w.number(0, 9)}", 0.8, ""),
            }
        )
    return harvest


def make_loans(w: Words, keepers: list[Record]) -> list[Record]:
    loans = []
    for n in range(1, 40):
        day = w.day()
        loans.append(
            {
                "id": n,
                "member_id": w.skewed(keepers, 1.8)["id"],
                "item": w.some(
                    ["extractor 4-frame", "extractor 9-frame", "wax melter", "honey press", "refractometer"]
                ),
                "from": day.isoformat(),
                "returned": w.maybe((day + timedelta(days=w.number(1, 12))).isoformat(), 0.85),
                "deposit": w.some(["20.00", "50.00", "12.50"]),
            }
        )
    return loans
