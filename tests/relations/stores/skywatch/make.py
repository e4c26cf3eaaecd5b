"""Amateur astronomers' observing logs, in Node: a file for each observer, site and session, a catalogue as a map."""

from datetime import datetime, timedelta
from typing import Any

from store_files import File, comma, each, node
from store_words import Words, slug

Record = dict[str, Any]

CONSTELLATIONS = (
    "And Andromeda|Aql Aquila|Aur Auriga|Boo Bootes|CMa Canis Major|Cas Cassiopeia|Cen Centaurus|Cyg Cygnus|Gem Gemini|"
    "Her Hercules|Leo Leo|Lyr Lyra|Oph Ophiuchus|Ori Orion|Peg Pegasus|Per Perseus|Sco Scorpius|Sgr Sagittarius|"
    "Tau Taurus|UMa Ursa Major|Vir Virgo|Vul Vulpecula|Cru Crux|Oct Octans"
).split("|")
SOUTH = {"CMa", "Cen", "Sco", "Sgr", "Cru", "Oct"}


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def make(w: Words) -> list[File]:
    constellations = [
        {"abbr": one[:3], "name": one[4:], "hemisphere": "S" if one[:3] in SOUTH else "N"} for one in CONSTELLATIONS
    ]
    seen = [one["abbr"] for one in constellations if one["abbr"] not in ("Cru", "Oct")]
    targets, names = make_targets(w, seen)
    observers = make_observers(w, names)
    people = list(observers)
    sites = make_sites(w, people)
    gear = make_gear(w, people)
    owned = {p: [g["id"] for g in gear if g["owner"] == p] for p in people}
    sessions = make_sessions(w, names, people, sites, owned)
    challenges = make_challenges(w, names, people)
    pairs = [(c["slug"], p) for c in challenges[:10] for p in people]
    awards = [{"challenge": challenge, "who": who, "at": w.iso_time()} for challenge, who in w.few(pairs, 75, 75)]
    return [
        *each("observers", observers),
        *each("sites", sites),
        node("gear.json", gear),
        comma("constellations.csv", constellations),
        node("targets.json", targets),
        *each("sessions", sessions),
        node("challenges.json", challenges),
        node("awards.json", awards),
    ]


def make_targets(w: Words, seen: list[str]) -> tuple[dict[str, Record], list[str]]:
    targets = {}
    names = [f"M{n}" for n in w.few(range(1, 111), 70, 70)] + [f"NGC {n}" for n in w.few(range(40, 7800), 65, 65)]
    for name in names:
        target = {
            "kind": w.some(["galaxy", "galaxy", "open cluster", "globular", "nebula", "planetary"]),
            "constellation": w.some(seen),
            "ra": f"{w.number(0, 23):02d}h{w.number(0, 59):02d}m",
            "dec": f"{w.some('+-')}{w.number(0, 75):02d}°{w.number(0, 59):02d}'",
            "mag": round(w.random.uniform(3.1, 12.8), 1),
        }
        if w.chance(0.2):
            target["aliases"] = [f"{w.name()} {w.some(['Nebula', 'Cluster', 'Galaxy'])}" for _ in range(w.number(1, 2))]
        targets[name] = target
    return targets, names


def make_observers(w: Words, names: list[str]) -> dict[str, Record]:
    observers = {}
    for _ in range(34):
        person = w.person()
        observers[w.username()] = {
            "displayName": person,
            "email": w.email(person),
            "timezone": w.some(["Europe/Kyiv", "Europe/Lisbon", "Europe/Berlin", "UTC"]),
            "wants": w.few(names, 9),
            "createdAt": w.iso_time(),
        }
    return observers


def make_sites(w: Words, people: list[str]) -> dict[str, Record]:
    sites = {}
    for _ in range(18):
        name = w.name() + w.some([" Hill", " Farm", " Pass", ""])
        sites[slug(name)] = {
            "name": name,
            "lat": round(w.random.uniform(37, 55), 4),
            "lon": round(w.random.uniform(-9, 31), 4),
            "elevation": w.number(5, 1900),
            "bortle": w.number(1, 8),
            "sqm": round(w.random.uniform(18.2, 21.9), 2),
            "public": w.chance(0.7),
            "addedBy": w.some(people),
        }
    return sites


def make_gear(w: Words, people: list[str]) -> list[Record]:
    gear = []
    for _ in range(80):
        kind = w.some(["telescope", "telescope", "binoculars", "eyepiece", "camera"])
        thing: Record = {
            "id": w.uuid(),
            "owner": w.some(people),
            "kind": kind,
            "maker": w.some(["Orix", "Skyline", "Vexa", "Teleview"]),
            "model": f"{w.some(['X', 'SL', 'Nova', 'D'])}{w.number(6, 400)}",
        }
        if kind in ("telescope", "binoculars"):
            thing["apertureMm"] = w.some([42, 50, 80, 102, 127, 150, 203, 254])
        if kind in ("telescope", "eyepiece"):
            thing["focalLengthMm"] = w.some([10, 25, 400, 650, 1000, 1500, 2032])
        if kind in ("telescope", "camera") and w.chance(0.6):
            thing["serial"] = w.fresh(lambda: f"{w.some('XVT')}{w.number(10, 24)}-{w.number(10000, 99999)}")
        gear.append(thing)
    return gear


def make_sessions(
    w: Words, names: list[str], people: list[str], sites: dict[str, Record], owned: dict[str, list[str]]
) -> dict[str, Record]:
    sessions = {}
    for _ in range(120):
        who = w.skewed(people, 2)
        start = w.moment()
        used = w.few(owned[who], 4)
        log = []
        for n, target in enumerate(dict.fromkeys(w.skewed(names, 2) for _ in range(w.number(1, 9)))):
            entry = {"target": "IC 434" if w.chance(0.008) else target, "at": iso(start + timedelta(minutes=12 * n))}
            if used and w.chance(0.8):
                entry["with"] = w.some(used)
            entry["rating"] = w.number(1, 5)
            entry["notes"] = w.text(3) if w.chance(0.7) else ""
            log.append(entry)
        sessions[w.uuid()] = {
            "observer": who,
            "site": w.skewed(list(sites), 2),
            "start": iso(start),
            "end": iso(start + timedelta(minutes=w.number(120, 400))) if w.chance(0.9) else None,
            "conditions": {
                "seeing": w.number(1, 5),
                "temp": round(w.random.uniform(-11, 24), 1),
                "humidity": w.number(30, 99),
            },
            "gear": used,
            "log": log,
        }
    return sessions


def make_challenges(w: Words, names: list[str], people: list[str]) -> list[Record]:
    challenges = []
    for _ in range(12):
        title = w.title()
        challenges.append(
            {
                "slug": slug(title),
                "title": title,
                "createdBy": w.some(people),
                "targets": w.few(names, 25, 5),
                "deadline": w.maybe(w.iso_day(), 0.6),
            }
        )
    return challenges
