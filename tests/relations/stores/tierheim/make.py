"""A German animal shelter in PHP: German names, staff by initials, people by e-mail, tables saved from Excel."""

from datetime import timedelta
from typing import Any

from store_files import File, php, php_pretty, semicolon
from store_words import Words

Record = dict[str, Any]

DOGS = "Bello Luna Rocky Kira Balu Emma Sam Nala Rex Frieda Oskar Maja Paul Lotte Bruno Senta".split()
CATS = "Minka Felix Mia Tiger Lilly Moritz Susi Carlo Peterle Molly Findus Kitty".split()
OTHERS = "Hoppel Flocke Krümel Stups Coco Hansi Schnuffel Pünktchen".split()
TOWNS = (
    ("04109", "Leipzig"),
    ("04249", "Leipzig"),
    ("04416", "Markkleeberg"),
    ("06108", "Halle"),
    ("01067", "Dresden"),
)
LINES = (
    "Wurde am Bahnhof gefunden.",
    "Kommt aus schlechter Haltung und braucht Zeit.",
    "Sucht ein ruhiges Zuhause ohne kleine Kinder.",
    "Verträgt sich mit Artgenossen.",
    "Ist stubenrein und fährt gern Auto.",
    "Abgegeben wegen Umzug.",
    "Bekommt täglich Tabletten.",
    "Mag keine lauten Geräusche.",
    "Sehr verschmust!",
    "Nur als Zweittier.",
)
RACES = {
    "HU": ["Mischling", "Mischling", "Schäferhund", "Labrador", "Terrier", "Dackel", "Husky"],
    "KA": ["EKH", "EKH", "EKH", "Perser", "Maine Coon"],
    "KN": ["Zwergkaninchen", "Widder"],
    "ME": ["Meerschweinchen"],
    "VO": ["Wellensittich", "Nymphensittich", "Kanarienvogel"],
    "FR": ["Frettchen"],
    "SC": ["Griechische Landschildkröte"],
}
ARTEN = (
    ("HU", "Hund", 14.5),
    ("KA", "Katze", 9),
    ("KN", "Kaninchen", 4.5),
    ("ME", "Meerschweinchen", 3.8),
    ("VO", "Vogel", 2.5),
    ("FR", "Frettchen", 5),
    ("SC", "Schildkröte", 3),
    ("RE", "Reptil", 6.5),
)


def initials(w: Words, letters: str) -> str:
    """The letters, with a number where they would have been given before."""
    return w.fresh(lambda: letters + w.some(["", "", "2", "3"]))


def make(w: Words) -> list[File]:
    mitarbeiter = make_mitarbeiter(w)
    codes = list(mitarbeiter)
    tierarten = [{"kuerzel": code, "bezeichnung": name, "tagessatz": rate} for code, name, rate in ARTEN]
    zwinger = make_zwinger(w)
    plaetze = {
        "HU": [z["nr"] for z in zwinger if z["nr"][0] in "ABQ"],
        "KA": [z["nr"] for z in zwinger if z["nr"][0] in "KQ"],
    }
    tiere = make_tiere(w, codes, plaetze)
    nummern = [each["nummer"] for each in tiere]
    interessenten = make_interessenten(w)
    adressen = list(interessenten)
    vermittlungen = make_vermittlungen(w, codes, tiere, adressen)
    paten = [{"name": name, "email": w.email(name)} for name in (w.person() for _ in range(36))]
    patenschaften = make_patenschaften(w, nummern, paten)
    tieraerzte = make_tieraerzte(w)
    behandlungen = make_behandlungen(w, codes, nummern, tieraerzte)
    spenden = make_spenden(w, nummern)
    return [
        php_pretty("mitarbeiter.json", mitarbeiter),
        php_pretty("tierarten.json", tierarten),
        semicolon("zwinger.csv", zwinger),
        php_pretty("tiere.json", tiere),
        php_pretty("interessenten.json", interessenten),
        php("vermittlungen.json", vermittlungen),
        php("patenschaften.json", patenschaften),
        semicolon("tieraerzte.csv", tieraerzte),
        php("behandlungen.json", behandlungen),
        semicolon("spenden.csv", spenden),
    ]


def make_mitarbeiter(w: Words) -> dict[str, Record]:
    mitarbeiter = {}
    for n in range(19):
        first, last = w.first(), w.last()
        code = initials(w, (first[0] + last[0]).lower())
        mitarbeiter[code] = {
            "name": f"{first} {last}",
            "email": w.email(f"{first} {last}"),
            "rolle": "leitung" if n == 0 else w.some(["pfleger", "pfleger", "ehrenamt", "ehrenamt", "büro"]),
            "passwort": w.bcrypt(),
            "eintritt": w.iso_day(),
            "aktiv": 1 if n < 2 or w.chance(0.75) else 0,
        }
    return mitarbeiter


def make_zwinger(w: Words) -> list[Record]:
    return [
        {
            "nr": f"{house}{n:02d}",
            "haus": {"A": "Hundehaus", "B": "Hundehaus alt", "K": "Katzenhaus", "Q": "Quarantäne"}[house],
            "plaetze": w.number(1, 4),
            "groesse_m2": f"{w.number(4, 24)},{w.some('05')}",
            "beheizt": 1 if house in "KQ" else w.number(0, 1),
        }
        for house, most in (("A", 12), ("B", 6), ("K", 8), ("Q", 4))
        for n in range(1, most + 1)
    ]


def make_tiere(w: Words, codes: list[str], plaetze: dict[str, list[str]]) -> list[Record]:
    tiere: list[Record] = []
    for n in range(1, 211):
        if w.chance(0.04):
            continue
        art = w.some(["HU"] * 8 + ["KA"] * 9 + ["KN"] * 2 + ["ME", "VO", "FR", "SC"])
        came = w.day().replace(year=2021 + n // 54)
        mothers = [
            t["nummer"]
            for t in tiere
            if t["art"] == art and t["geschlecht"] == "w" and t["aufgenommen"] < came.isoformat()
        ]
        tier = {
            "nummer": f"{came.year}-{n:03d}",
            "name": w.some({"HU": DOGS, "KA": CATS}.get(art, OTHERS)),
            "art": art,
            "rasse": w.some(RACES[art]),
            "geschlecht": w.some("mw"),
            "geboren": w.maybe((came - timedelta(days=w.number(40, 4000))).isoformat(), 0.7),
            "chip": f"2760{w.number(10**10, 10**11 - 1)}" if art in plaetze and w.chance(0.75) else None,
            "zwinger": w.some(plaetze[art]) if art in plaetze and w.chance(0.6) else None,
            "aufgenommen": came.isoformat(),
            "aufgenommen_von": w.skewed(codes),
            "status": w.some(["vermittelt", "vermittelt", "da", "da", "reserviert", "verstorben", "pflegestelle"]),
            "merkmale": w.few(["kastriert", "ängstlich", "verspielt", "blind", "Freigänger", "Senior", "Diabetes"], 3),
            "vertraeglich": {"hunde": w.chance(0.6), "katzen": w.chance(0.5), "kinder": w.chance(0.7)},
        }
        if mothers and w.chance(0.15):
            tier["mutter"] = w.some(mothers)
        if w.chance(0.6):
            tier["beschreibung"] = " ".join(w.few(LINES, 4, 1))
        tiere.append(tier)
    return tiere


def make_interessenten(w: Words) -> dict[str, Record]:
    interessenten = {}
    for _ in range(95):
        name = w.person()
        plz, ort = w.some(TOWNS)
        interessenten[w.email(name)] = {
            "name": name,
            "telefon": w.maybe(f"0{w.number(151, 179)} {w.number(1000000, 9999999)}", 0.8, ""),
            "strasse": f"{w.some(['Garten', 'Bahnhof', 'Linden', 'Schul'])}straße {w.number(1, 90)}",
            "plz": plz,
            "ort": ort,
            "wohnform": w.some(["Miete", "Eigentum", "WG"]),
            "garten": w.chance(0.5),
            "wunsch": {"art": w.some(["HU", "HU", "KA", "KA", "KN", "VO"]), "alter_bis": w.maybe(w.number(1, 12), 0.6)},
            "angelegt": w.sql_time(),
        }
    return interessenten


def make_vermittlungen(w: Words, codes: list[str], tiere: list[Record], adressen: list[str]) -> list[Record]:
    vermittlungen = []
    placed = [t for t in tiere if t["status"] == "vermittelt" or w.chance(0.1)]
    placed += w.few(placed, 5, 5)
    for n, tier in enumerate(placed, 1):
        day = w.day()
        vermittlungen.append(
            {
                "id": n + n // 20,
                "vertrag_nr": f"V{day.year % 100}/{n + 40:04d}",
                "tier": tier["nummer"],
                "interessent": w.skewed(adressen),
                "betreuer": w.skewed(codes),
                "datum": day.isoformat(),
                "gebuehr": w.some(["250.00", "120.00", "95.00", "30.00", "12.50"]),
                "rueckgabe": w.maybe(w.after(day, 90), 0.1),
                "nachkontrollen": [
                    {
                        "datum": w.after(day, 200),
                        "durch": w.some(codes),
                        "ergebnis": w.some(["gut", "gut", "offen", "mangelhaft"]),
                    }
                    for _ in range(w.number(0, 2))
                ],
            }
        )
    return vermittlungen


def make_patenschaften(w: Words, nummern: list[str], paten: list[Record]) -> list[Record]:
    patenschaften = []
    for n in range(1, 48):
        day = w.day()
        patenschaften.append(
            {
                "id": n,
                "tier": w.skewed(nummern[:120]),
                "pate": dict(w.some(paten)),
                "betrag": w.some([10, 15, 20, 25, 50]),
                "turnus": w.some(["monatlich", "monatlich", "vierteljährlich", "jährlich"]),
                "iban": f"DE{w.number(10, 99)}{w.number(10**8, 10**9 - 1)}{w.number(10**8, 10**9 - 1)}",
                "seit": day.isoformat(),
                "bis": w.maybe(w.after(day, 700), 0.3),
            }
        )
    return patenschaften


def make_tieraerzte(w: Words) -> list[Record]:
    tieraerzte = []
    for n in (1, 2, 3, 5, 6, 8, 9, 12):
        plz, ort = w.some(TOWNS)
        name = w.last()
        tieraerzte.append(
            {
                "id": n,
                "name": f"Dr. {name}",
                "praxis": w.some([f"Tierarztpraxis {name}", "Kleintierpraxis am Park", "Tierklinik Süd"]),
                "telefon": f"0341/{w.number(100000, 999999)}",
                "plz": plz,
                "ort": ort,
                "notdienst": w.some(["ja", "nein"]),
            }
        )
    return tieraerzte


def make_behandlungen(w: Words, codes: list[str], nummern: list[str], tieraerzte: list[Record]) -> list[Record]:
    return [
        {
            "id": n,
            "tier": "2020-977" if n in (30, 31) else w.skewed(nummern),
            "arzt_id": w.skewed(tieraerzte)["id"],
            "zeit": w.sql_time(),
            "diagnose": w.some(
                ["Impfung", "Kastration", "Wurmkur", "Zahnstein", "Durchfall", "Bisswunde", "Kontrolle"]
            ),
            "kosten": w.price(260),
            "freigabe_von": w.maybe(w.some(codes[:4]), 0.8),
            "medikamente": [
                {"mittel": drug, "dosis": w.some(["1x1", "2x1", "2x0,5"]), "tage": w.number(1, 14)}
                for drug in w.few(["Metacam", "Milbemax", "Synulox", "Cerenia"], 2)
            ],
        }
        for n in range(1, 181)
        if n % 23
    ]


def make_spenden(w: Words, nummern: list[str]) -> list[Record]:
    return [
        {
            "beleg": f"SP-{n:05d}",
            "datum": w.day().strftime("%d.%m.%Y"),
            "spender": w.maybe(f"{w.first()} {w.last()}", 0.85, "anonym"),
            "betrag": f"{w.some([5, 10, 20, 50, 100, w.number(3, 300)])},{w.some(['00', '00', '50'])}",
            "zweck": w.some(["Futter", "Tierarzt", "Neubau", "allgemein"]),
            "tier": w.maybe(w.skewed(nummern), 0.4, ""),
        }
        for n in range(310, 450)
    ]
