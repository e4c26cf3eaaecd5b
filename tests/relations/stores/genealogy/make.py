"""A family tree in PHP: people and families keyed as in GEDCOM, parents within the same file, notes on anything."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from store_files import File, comma, lines, php, php_guarded, php_pretty
from store_words import Words

Record = dict[str, Any]

MEN = "Johann Peter Heinrich Karel Tomasz Andrei William Thomas Jakob Anton Franz Josef Mikael Erik Adam".split()
WOMEN = "Anna Maria Katharina Elisabeth Magdalena Zofia Ingrid Agnes Helena Margaret Rosa Theresia Judith Clara".split()
TRADES = "farmer miller weaver smith carpenter teacher innkeeper cooper tailor soldier clerk midwife".split()
FAMILIES = "Adler Brandt Hansen Lindqvist Novak Kowal Fischer Varga Young Marsh Holm Zeman".split()
PLACES = {
    "country": "Austria|Sweden|Poland|England",
    "region": "Styria|Skåne|Pomerania|Yorkshire|Tyrol",
    "town": "Graz|Leoben|Malmö|Ystad|Gdańsk|Słupsk|York|Leeds|Whitby|Innsbruck|Hall",
    "parish": "St. Peter|St. Maria|Straßgang|Holy Trinity|Västra|Oliwa|All Saints|St. Olave|St. Peter|St. Maria",
}
ABOVE = {"region": "country", "town": "region", "parish": "town"}
GENERATIONS = (1775, 1802, 1830, 1857, 1884, 1911, 1939, 1966, 1993)
ARCHIVES = (
    ("Styrian Provincial Archives", "Graz", True),
    ("Diocesan Archives Graz", "Graz", True),
    ("Landsarkivet Lund", "Lund", True),
    ("State Archive Gdańsk", "Gdańsk", True),
    ("Borthwick Institute", "York", False),
    ("Tyrolean Archives", "Innsbruck", False),
)


class Tree:
    """People and families, generation by generation."""

    def __init__(self, w: Words, towns: list[int]) -> None:
        self.w, self.towns = w, towns
        self.persons: dict[str, Record] = {}
        self.families: dict[str, Record] = {}
        self.last = 0

    def grow(self) -> None:
        w = self.w
        people = [(self.person(sex, w.some(FAMILIES), 1768 + w.number(0, 12)), GENERATIONS[0]) for sex in "MF" * 9]
        for year, following in pairwise(GENERATIONS):
            for man, woman in self.couples([each for each, born in people if born == year]):
                father = self.persons[man]["father"]
                if (father and father == self.persons[woman]["father"]) or len(self.persons) > 340:
                    continue
                family = self.family(man, woman, year)
                people.extend((child, following) for child in family["children"])
                self.families[f"F{len(self.families) + 1 + len(self.families) // 11:03d}"] = family

    def couples(self, people: list[str]) -> list[tuple[str, str]]:
        """Who marries whom; some do so twice."""
        w = self.w
        men = [each for each in people if self.persons[each]["sex"] == "M"]
        women = [each for each in people if self.persons[each]["sex"] == "F"]
        w.random.shuffle(women)
        couples = list(zip(men, women, strict=False))
        couples += [(w.some(men), woman) for woman in women[len(men) :][:2]]
        couples += [(man, w.some(women)) for man in men[len(women) :][:2]]
        return couples

    def family(self, man: str, woman: str, year: int) -> Record:
        w = self.w
        children = []
        for _ in range(w.number(0, 6)):
            father = None if w.chance(0.04) else man
            children.append(
                self.person(w.some("MF"), self.persons[man]["surname"], year + w.number(23, 34), father, woman)
            )
        family = {
            "husband": man,
            "wife": woman if w.chance(0.97) else None,
            "married": w.maybe(w.birthday(year + 20, year + 23).isoformat(), 0.8),
            "place": w.maybe(w.skewed(self.towns), 0.7),
            "rite": w.some(["catholic", "lutheran", "civil"]),
            "children": children,
        }
        if year > 1900 and w.chance(0.2):
            family["divorced"] = w.birthday(year + 35, year + 45).isoformat()
        return family

    def person(self, sex: str, surname: str, year: int, father: str | None = None, mother: str | None = None) -> str:
        """Someone's key."""
        w = self.w
        self.last += w.some([1, 1, 1, 1, 1, 1, 2])
        given = MEN if sex == "M" else WOMEN
        born = w.birthday(year, year + 1)
        age = w.some([w.number(0, 9), w.number(30, 60), w.number(60, 92), w.number(60, 92), w.number(60, 92)])
        died = born + timedelta(days=age * 365 + w.number(1, 300))
        living = year > 1925 and died.year > 2015
        aliases = (surname + "in", surname.upper())
        person = {
            "given": w.some(given) + w.maybe(" " + w.some(given), 0.3, ""),
            "surname": surname,
            "sex": sex,
            "born": {"date": w.maybe(born.isoformat(), 0.85), "place": w.maybe(w.skewed(self.towns), 0.75)},
            "father": father,
            "mother": mother,
            "living": 1 if living else 0,
            "aliases": w.few([*aliases, f"vulgo {w.some(FAMILIES)}"], 1) if w.chance(0.2) else [],
        }
        if not living:
            died_at = w.maybe(died.isoformat(), 0.7)
            person["died"] = {"date": died_at, "place": w.maybe(w.skewed(self.towns), 0.5)}
            if w.chance(0.15):
                person["died"]["cause"] = w.some(["fever", "old age", "war", "childbed", "accident"])
        if w.chance(0.4):
            person["occupation"] = w.some(TRADES)
        if w.chance(0.12):
            person["photo"] = f"img/{w.hex(10)}.jpg"
        self.persons[f"I{self.last:04d}"] = person
        return f"I{self.last:04d}"


def make(w: Words) -> list[File]:
    places = make_places(w)
    towns = [p["id"] for p in places if p["kind"] in ("town", "parish")]
    w.random.shuffle(towns)
    tree = Tree(w, towns)
    tree.grow()
    persons, families, last = tree.persons, tree.families, tree.last
    numbers = list(persons)
    archives = [
        {
            "name": name,
            "town": town,
            "email": w.email(),
            "hours": w.some(["Tu-Th 9-16", "Mo-Fr 8-12", "by request"]),
            "online": online,
        }
        for name, town, online in ARCHIVES
    ]
    sources = make_sources(w, places, archives)
    living = [each for each in numbers if persons[each]["living"]]
    users = make_users(w, living)
    logins = list(users)
    citations = make_citations(w, numbers, sources, logins)
    notes = make_notes(w, families, numbers, sources, logins)
    tested = w.few(living, 24, 24)
    tested += w.few(tested, 4, 4)
    dna = make_dna(w, logins, tested)
    kits = [each["kit"] for each in dna]
    matches = make_matches(w, kits)
    homes = [w.ip() for _ in range(30)]
    changes = make_changes(w, last, numbers, logins, homes)
    return [
        php("data/persons.json", persons),
        php("data/families.json", families),
        php_pretty("data/places.json", places),
        php_pretty("data/archives.json", archives),
        php_pretty("data/sources.json", sources),
        php("data/citations.json", citations),
        php("data/notes.json", notes),
        php_guarded("data/users.php", users),
        comma("data/dna.csv", dna),
        comma("data/matches.csv", matches),
        lines("data/changes.log", changes),
    ]


def make_places(w: Words) -> list[Record]:
    places: list[Record] = []
    for kind, names in PLACES.items():
        above = [each["id"] for each in places if each["kind"] == ABOVE.get(kind)]
        for name in names.split("|"):
            places.append(
                {
                    "id": len(places) + 1 + len(places) // 9,
                    "name": name,
                    "kind": kind,
                    "parent": w.some(above) if above else None,
                    "lat": round(47 + w.random.random() * 9, 4) if kind != "country" else None,
                    "lng": round(-1 + w.random.random() * 20, 4) if kind != "country" else None,
                }
            )
    return places


def make_sources(w: Words, places: list[Record], archives: list[Record]) -> dict[str, Record]:
    sources = {}
    for n in range(1, 37):
        first = w.number(1640, 1900)
        kind = w.some(["Baptisms", "Marriages", "Burials", "Census", "Land register"])
        source = {
            "title": f"{kind} {w.some(places)['name']}",
            "author": w.maybe(w.person(), 0.3),
            "archive": w.maybe(w.skewed(archives)["name"], 0.85),
            "shelfmark": w.maybe(f"{w.some('ABCK')} {w.number(1, 400)}/{w.number(1, 9)}", 0.7),
            "year_from": first,
            "year_to": first + w.number(1, 60),
        }
        if w.chance(0.3):
            source["url"] = f"https://archive.example/{w.hex(6)}"
        sources[f"S{n:02d}"] = source
    return sources


def make_users(w: Words, living: list[str]) -> dict[str, Record]:
    users: dict[str, Record] = {}
    for n in range(14):
        login = w.username()
        users[login] = {
            "email": w.email(),
            "password": w.bcrypt(),
            "role": "admin" if n == 0 else w.some(["editor", "editor", "reader"]),
            "person": living[n * 2] if n * 2 < len(living) and w.chance(0.7) else None,
            "invited_by": w.skewed(list(users)) if n else None,
            "last_login": w.maybe(w.unix(), 0.85),
            "prefs": {
                "theme": w.some(["light", "dark", "sepia"]),
                "generations": w.number(3, 7),
                "show_living": w.chance(0.3),
            },
            "tokens": [{"hash": w.sha1(), "expires": w.unix()} for _ in range(w.number(0, 2))],
        }
    return users


def make_citations(w: Words, numbers: list[str], sources: dict[str, Record], logins: list[str]) -> list[Record]:
    return [
        {
            "id": n,
            "person": w.skewed(numbers),
            "source": w.skewed(list(sources)),
            "page": w.maybe(f"fol. {w.number(1, 300)}{w.some('rv')}", 0.8, ""),
            "fact": w.some(["birth", "birth", "death", "marriage", "residence"]),
            "quality": w.number(0, 3),
            "entered_by": w.skewed(logins),
            "entered": w.unix(),
        }
        for n in range(1, 291)
        if n % 31
    ]


def make_notes(
    w: Words, families: dict[str, Record], numbers: list[str], sources: dict[str, Record], logins: list[str]
) -> list[Record]:
    notes: list[Record] = []
    for _ in range(85):
        kind, choices = w.some(
            [("person", numbers), ("person", numbers), ("family", list(families)), ("source", list(sources))]
        )
        notes.append(
            {
                "id": w.uniqid(),
                "target_type": kind,
                "target_id": w.some(choices),
                "text": w.text(4),
                "author": w.skewed(logins),
                "created": w.sql_time(),
                "reply_to": w.some(notes[:20])["id"] if len(notes) > 6 and w.chance(0.25) else None,
            }
        )
    return notes


def make_dna(w: Words, logins: list[str], tested: list[str]) -> list[Record]:
    return [
        {
            "kit": f"{w.some(['A', 'T', 'M'])}{w.number(100000, 999999)}",
            "company": w.some(["Ancestry", "FTDNA", "MyHeritage"]),
            "person": w.maybe(each, 0.85, ""),
            "managed_by": w.skewed(logins),
            "haplogroup": w.maybe(w.some(["R1b", "I1", "H1a", "U5", "K1"]), 0.6, ""),
            "tested": w.iso_day(),
        }
        for each in tested
    ]


def make_matches(w: Words, kits: list[str]) -> list[Record]:
    return [
        {"kit_a": a, "kit_b": b, "shared_cm": f"{w.number(8, 1800)}.{w.number(0, 9)}", "segments": w.number(1, 40)}
        for place, a in enumerate(kits)
        for b in kits[place + 1 :]
        if w.chance(0.3)
    ]


def make_changes(w: Words, last: int, numbers: list[str], logins: list[str], homes: list[str]) -> list[Record]:
    return sorted(
        [
            {
                "at": w.sql_time(),
                "user": w.skewed(logins),
                "ip": w.some(homes),
                "action": w.some(["edit", "edit", "edit", "add", "photo"]),
                "person": f"I{last + 7 + n:04d}" if n in (60, 61, 200) else w.skewed(numbers),
                "field": w.maybe(w.some(["born", "died", "father", "occupation", "given"]), 0.7),
            }
            for n in range(230)
        ],
        key=lambda change: change["at"],
    )
