"""Names, sentences, times and ids for made stores. All from one `Random`, so a store is always the same."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

FIRST = (
    "Ada Bruno Carla Dmytro Elena Farid Greta Hugo Ines Jonas Kateryna Liam Mira Noah Olga Pavel Quinn Rosa Sofia Tariq"
    " Ulla Viktor Wanda Xenia Yusuf Zoe Anton Beatriz Chen Dora"
).split()
LAST = (
    "Adler Brandt Costa Dubois Evans Fischer Garcia Hansen Ivanenko Jansen Kovalenko Lindqvist Moreau Novak O'Brien"
    " Petrov Quist Rossi Schmidt Tanaka Usman Varga Weiss Young Zeman Müller Nuñez"
).split()
WORDS = (
    "after again alone always around before better between bright broken carry change clear close coast colour corner"
    " country crowd dance deep dinner dream early empty evening every fall family field fire first floor flower follow"
    " fresh garden glass green ground happy heavy house island kitchen large late laugh leave letter light little long"
    " market money month morning mountain music narrow night north ocean often open orange paper pencil people place"
    " plain quiet rain read ready river road round school season second seven shadow short silver simple slow small"
    " smile sound spring stone story street strong summer sweet table thing tomorrow travel tree under valley village"
    " voice walk warm water weather week white wind window winter wonder wood yellow young"
).split()
CITIES = "Kyiv Lviv Lisbon Porto Berlin Leeds York Lyon Graz Turin Malmö Gdańsk Utrecht Ghent Bergen Split".split()
DOMAINS = "example.com example.org example.net mail.example posteo.example".split()
START = datetime(2021, 3, 1, 8, 0, tzinfo=UTC)


class Words:
    """Draws whatever a record needs."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed)
        self.some = self.random.choice
        self.number = self.random.randint
        self._taken: set[str] = set()

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def few(self, choices: Any, most: int, least: int = 0) -> list[Any]:
        """Some different ones, in any order."""
        choices = list(choices)
        return self.random.sample(choices, min(len(choices), self.number(least, most)))

    def maybe(self, value: Any, share: float = 0.7, otherwise: Any = None) -> Any:
        return value if self.chance(share) else otherwise

    def fresh(self, make: Callable[[], str]) -> str:
        """A text that this store has not had."""
        for _ in range(200):
            text = make()
            if text not in self._taken:
                break
        else:
            text = f"{make()} {len(self._taken)}"
        self._taken.add(text)
        return text

    def first(self) -> str:
        return self.some(FIRST)

    def last(self) -> str:
        return self.some(LAST)

    def person(self) -> str:
        """A full name, given once."""
        return self.fresh(lambda: f"{self.first()} {self.last()}")

    def username(self) -> str:
        return self.fresh(lambda: self.first().lower() + self.some(["", "_", "."]) + self.some(WORDS)[:4])

    def email(self, name: str | None = None) -> str:
        local = slug(name or f"{self.first()} {self.last()}").replace("-", ".")
        return self.fresh(lambda: f"{local}{self.some(['', str(self.number(1, 99))])}@{self.some(DOMAINS)}")

    def words(self, least: int = 2, most: int = 5) -> str:
        return " ".join(self.some(WORDS) for _ in range(self.number(least, most)))

    def title(self) -> str:
        """A heading, given once."""
        return self.fresh(lambda: self.words(2, 6).capitalize())

    def name(self) -> str:
        """A thing's name of one or two words, given once."""
        return self.fresh(lambda: " ".join(w.capitalize() for w in self.words(1, 2).split()))

    def sentence(self) -> str:
        return self.words(5, 12).capitalize() + self.some([".", ".", "!", "?"])

    def text(self, most: int = 6) -> str:
        return " ".join(self.sentence() for _ in range(self.number(2, most)))

    def moment(self) -> datetime:
        return START + timedelta(seconds=self.number(0, 4 * 365 * 86_400))

    def day(self) -> date:
        return self.moment().date()

    def birthday(self, first: int, last: int) -> date:
        return date(self.number(first, last), self.number(1, 12), self.number(1, 28))

    def after(self, day: date, most: int = 30) -> str:
        """A day soon after another."""
        return (day + timedelta(days=self.number(1, most))).isoformat()

    def sql_time(self) -> str:
        """As `date('Y-m-d H:i:s')`."""
        return self.moment().strftime("%Y-%m-%d %H:%M:%S")

    def iso_time(self) -> str:
        """As `new Date().toISOString()`."""
        return self.moment().strftime("%Y-%m-%dT%H:%M:%S.") + f"{self.number(0, 999):03d}Z"

    def offset_time(self) -> str:
        """As `date('c')`."""
        return self.moment().strftime("%Y-%m-%dT%H:%M:%S+00:00")

    def unix(self) -> int:
        """As `time()`."""
        return int(self.moment().timestamp())

    def unix_ms(self) -> int:
        """As `Date.now()`."""
        return self.unix() * 1000 + self.number(0, 999)

    def iso_day(self) -> str:
        return self.day().isoformat()

    def price(self, most: int = 200) -> float:
        return self.number(1, most) + self.some([0.0, 0.5, 0.9, 0.95, 0.99, 0.25])

    def hex(self, length: int) -> str:
        return "".join(self.some("0123456789abcdef") for _ in range(length))

    def uniqid(self) -> str:
        """As `uniqid()`: 13 hex digits, the first of which are the time."""
        return f"{self.unix():08x}{self.hex(5)}"

    def object_id(self) -> str:
        return f"{self.unix():08x}{self.hex(16)}"

    def nano_id(self, length: int = 10) -> str:
        letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz0123456789_-"
        return "".join(self.some(letters) for _ in range(length))

    def uuid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def bcrypt(self) -> str:
        letters = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        return "$2y$10$" + "".join(self.some(letters) for _ in range(53))

    def md5(self) -> str:
        return hashlib.md5(self.hex(8).encode(), usedforsecurity=False).hexdigest()

    def sha1(self) -> str:
        return hashlib.sha1(self.hex(8).encode(), usedforsecurity=False).hexdigest()

    def phone(self) -> str:
        return f"+{self.number(30, 48)} {self.number(10, 99)} {self.number(1000000, 9999999)}"

    def ip(self) -> str:
        return f"10.{self.number(0, 255)}.{self.number(0, 255)}.{self.number(1, 254)}"

    def skewed(self, choices: Sequence[Any], power: float = 1.7) -> Any:
        """Any of them, the first ones most often."""
        return choices[int(len(choices) * self.random.random() ** power)]

    def city(self) -> str:
        return self.some(CITIES)


def slug(text: str) -> str:
    """The text as a part of a URL."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
