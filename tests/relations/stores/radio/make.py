"""A community radio station in PHP: hosts and shows by slug, ids from a form as strings, a file for each episode."""

from datetime import timedelta
from typing import Any

from store_files import File, comma, each, php, php_pretty
from store_words import Words, slug

Record = dict[str, Any]

GENRES = (
    (1, "Music", ""),
    (2, "Talk", ""),
    (3, "Jazz", "1"),
    (4, "Electronic", "1"),
    (5, "Techno", "4"),
    (6, "Ambient", "4"),
    (8, "Folk", "1"),
    (9, "News", "2"),
    (10, "Local politics", "9"),
    (12, "Culture", "2"),
    (13, "Children", "2"),
    (15, "Hip-hop", "1"),
    (16, "World", "1"),
)
CAMPAIGNS = ("Spring Drive 2022", "New Transmitter", "Spring Drive 2023", "Studio B Rebuild", "Spring Drive 2024")


def nickname(w: Words) -> str:
    before = w.some(["dj", "mc", "", "", "lady"])
    return slug(f"{before} {w.first()} {w.maybe(w.some(['k', 'b', 'z']), 0.4, '')}")


def show_title(w: Words) -> str:
    before = w.some(["The", "Radio", "Late", "Sunday", "Café"])
    return f"{before} {w.words(1, 2).title()} {w.some(['Hour', 'Show', 'Mix', 'Magazine', ''])}".strip()


def make(w: Words) -> list[File]:
    hosts = make_hosts(w)
    nicks = list(hosts)
    genres = [{"id": str(n), "name": name, "parent": parent} for n, name, parent in GENRES]
    titles = [w.fresh(lambda: show_title(w)) for _ in range(42)]
    slugs = [slug(title) for title in titles]
    shows = make_shows(w, nicks, genres, titles, slugs)
    w.random.shuffle(slugs)
    active = [code for code in slugs if shows[code]["active"]]
    slots = make_slots(w, active)
    episodes = make_episodes(w, slugs, shows)
    listeners = make_listeners(w)
    fans = [one["id"] for one in listeners]
    w.random.shuffle(fans)
    plays = make_plays(w, episodes, fans)
    wishes = make_wishes(w, nicks, slugs, fans)
    campaigns = make_campaigns(w, active)
    emails = [one["email"] for one in listeners]
    w.random.shuffle(emails)
    pledges = make_pledges(w, active, campaigns, emails)
    board = nicks[:6]
    swaps = make_swaps(w, nicks, active, board)
    return [
        php_pretty("hosts.json", hosts),
        php_pretty("genres.json", genres),
        php_pretty("shows.json", shows),
        php("slots.json", slots),
        *each("episodes", episodes, "php"),
        php("listeners.json", listeners),
        comma("plays.csv", plays),
        php("wishes.json", wishes),
        php_pretty("campaigns.json", campaigns),
        php("pledges.json", pledges),
        php("swaps.json", swaps),
    ]


def make_hosts(w: Words) -> dict[str, Record]:
    hosts = {}
    for _ in range(34):
        nick = w.fresh(lambda: nickname(w))
        name = w.person()
        host = {
            "name": name,
            "email": w.email(name),
            "password": w.bcrypt(),
            "since": w.iso_day(),
            "studio_key": w.chance(0.4),
        }
        if w.chance(0.6):
            host["bio"] = w.text(3)
        if w.chance(0.4):
            host["photo"] = f"/img/hosts/{nick}.jpg"
        if w.chance(0.5):
            host["links"] = {
                site: f"https://{site}.example/{nick}"
                for site in w.few(["mastodon", "mixcloud", "web", "bandcamp"], 3, 1)
            }
        hosts[nick] = host
    return hosts


def make_shows(
    w: Words, nicks: list[str], genres: list[Record], titles: list[str], slugs: list[str]
) -> dict[str, Record]:
    shows = {}
    for title, code in zip(titles, slugs, strict=True):
        active = w.chance(0.75)
        shows[code] = {
            "title": title,
            "tagline": w.maybe(w.sentence(), 0.8, ""),
            "hosts": w.few(nicks, 3, 1),
            "genre": w.skewed(genres[2:] + genres[:2])["id"],
            "active": 1 if active else 0,
            "replaced_by": None if active or w.chance(0.4) else w.some([other for other in slugs if other != code]),
            "artwork": w.maybe(f"{code}.png", 0.7),
            "created": w.sql_time(),
        }
    return shows


def make_slots(w: Words, active: list[str]) -> list[Record]:
    return [
        {
            "weekday": weekday,
            "start": f"{hour:02d}:00",
            "week": week,
            "minutes": w.some([60, 60, 30, 55]),
            "show": w.skewed(active),
        }
        for weekday in range(1, 8)
        for hour in w.few(range(7, 24), 9, 6)
        for week in w.some([["all"], ["all"], ["odd", "even"]])
    ]


def make_episodes(w: Words, slugs: list[str], shows: dict[str, Record]) -> dict[str, Record]:
    episodes: dict[str, Record] = {}
    count = dict.fromkeys(slugs, 0)
    for _ in range(210):
        code = w.skewed(slugs)
        count[code] += 1
        own = [key for key, one in episodes.items() if one["show"] == code]
        episode = {
            "show": code,
            "no": count[code],
            "title": w.some(["Live session", "New releases", "Phone-in", "Best of"])
            if w.chance(0.25)
            else w.words(2, 5).capitalize(),
            "aired": w.sql_time(),
            "presenter": w.some(shows[code]["hosts"]),
            "guests": [
                {"name": f"{w.first()} {w.last()}", "topic": w.words(1, 3)} for _ in range(w.some([0, 0, 1, 2]))
            ],
            "downloads": w.number(0, 900),
        }
        if w.chance(0.8):
            episode["mp3"] = {
                "file": f"{code}-{count[code]}.mp3",
                "bytes": w.number(20_000_000, 140_000_000),
                "seconds": w.number(1700, 3600),
            }
        if w.chance(0.3):
            episode["notes"] = w.text(3)
        if own and w.chance(0.15):
            episode["repeat_of"] = w.some(own)
        episodes[w.fresh(w.uniqid)] = episode
    return episodes


def make_listeners(w: Words) -> list[Record]:
    listeners = []
    for n in sorted(w.random.sample(range(1, 260), 190)):
        nick = w.username()
        listeners.append(
            {
                "id": str(n),
                "nickname": nick,
                "email": w.email(),
                "confirmed": "1" if w.chance(0.85) else "0",
                "token": w.md5(),
                "since": str(w.unix()),
            }
        )
    return listeners


def make_plays(w: Words, episodes: dict[str, Record], fans: list[str]) -> list[Record]:
    return [
        {
            "episode": key,
            "position": position,
            "played_at": f"{episode['aired'][:13]}:{position * 8 + w.number(0, 6):02d}:{w.number(0, 59):02d}",
            "artist": f"{w.first()} {w.some(['& the', 'und', 'vs'])} {w.words(1, 1).title()}",
            "title": w.words(1, 4).title(),
            "label": w.maybe(f"{w.words(1, 1).upper()[:4]}{w.number(1, 99):03d}", 0.6, ""),
            "year": w.maybe(w.number(1961, 2024), 0.8, ""),
            "requested_by": w.maybe(w.skewed(fans), 0.12, ""),
        }
        for key, episode in episodes.items()
        if not w.chance(0.55)
        for position in range(1, w.number(3, 7))
    ]


def make_wishes(w: Words, nicks: list[str], slugs: list[str], fans: list[str]) -> list[Record]:
    return [
        {
            "id": str(n),
            "listener": "301" if n == 44 else w.skewed(fans),
            "show": w.maybe(w.skewed(slugs), 0.8),
            "message": w.some([w.sentence(), w.text(3)]),
            "created": w.unix(),
            "answered_by": w.maybe(w.skewed(nicks), 0.45),
        }
        for n in range(1, 128)
        if n % 17
    ]


def make_campaigns(w: Words, active: list[str]) -> dict[str, Record]:
    campaigns = {}
    for title in CAMPAIGNS:
        day = w.day()
        campaigns[slug(title)] = {
            "title": title,
            "goal": w.some([2000, 3500, 8000, 15000]),
            "from": day.isoformat(),
            "until": (day + timedelta(days=w.number(14, 60))).isoformat(),
            "targets": {code: w.number(2, 20) * 50 for code in w.few(active, 9, 3)},
        }
    return campaigns


def make_pledges(w: Words, active: list[str], campaigns: dict[str, Record], emails: list[str]) -> list[Record]:
    return [
        {
            "ref": f"P-{w.number(2022, 2024)}-{n:04d}",
            "email": w.skewed(emails),
            "campaign": w.some(list(campaigns)),
            "for_show": w.maybe(w.skewed(active), 0.5),
            "amount": w.some(["5.00", "10.00", "10.00", "25.00", "50.00", "7.50"]),
            "currency": "EUR",
            "anonymous": w.chance(0.2),
            "at": w.offset_time(),
        }
        for n in range(1, 141)
    ]


def make_swaps(w: Words, nicks: list[str], active: list[str], board: list[str]) -> list[Record]:
    swaps = []
    for n in range(1, 49):
        one, other = w.few(nicks, 2, 2)
        settled = w.chance(0.8)
        swaps.append(
            {
                "id": n + n // 10,
                "show": w.skewed(active),
                "day": w.iso_day(),
                "from": one,
                "to": other,
                "reason": w.some(["holiday", "ill", "work", ""]),
                "status": w.some(["ok", "ok", "refused"]) if settled else "asked",
                "approved_by": w.some(board) if settled else None,
            }
        )
    return swaps
