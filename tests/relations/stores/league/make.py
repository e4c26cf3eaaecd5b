"""A football league in PHP: teams by code, home and away, goals in the match, standings by season and team."""

from store_files import File, php, php_pretty
from store_words import Words


def make(w: Words) -> list[File]:
    codes = ["DYN", "KRY", "VOR", "ZOR", "OLK", "LVI", "RUK", "MET", "CHO", "KOL"]
    teams = {
        code: {
            "name": w.name(),
            "city": w.city(),
            "founded": w.number(1890, 2010),
            "stadium": {"name": w.name(), "capacity": w.number(3, 60) * 1000},
            "colours": w.few(["red", "white", "blue", "green", "black"], 2, 1),
            "coach": w.person(),
        }
        for code in codes
    }
    players = [
        {
            "id": 300 + n,
            "name": w.person(),
            "team": codes[n % 10],
            "position": w.some(["GK", "DF", "MF", "FW"]),
            "number": n // 10 + 1,
            "born": w.birthday(1988, 2005).isoformat(),
            "nationality": w.some(["UA", "PT", "BR"]),
            "captain": n < 10,
        }
        for n in range(150)
    ]
    referees = [{"id": n, "name": w.person(), "country": w.some(["UA", "PL", "SK"])} for n in range(1, 13)]
    seasons = [
        {"id": "2021/22", "start": "2021-07-24", "end": "2022-05-22", "champion": "KRY"},
        {"id": "2022/23", "start": "2022-08-23", "end": "2023-06-04", "champion": "DYN"},
        {"id": "2023/24", "start": "2023-07-28", "end": "2024-05-25", "champion": None},
    ]
    matches = []
    for number in range(1, 136):
        home, away = w.few(codes, 2, 2)
        played = w.chance(0.85)
        matches.append(
            {
                "id": number,
                "season": w.some(seasons)["id"],
                "round": (number - 1) // 5 + 1,
                "date": w.iso_day(),
                "time": w.some(["15:00", "18:30", "20:45"]),
                "home_team": home,
                "away_team": away,
                "home_score": w.number(0, 4) if played else None,
                "away_score": w.number(0, 4) if played else None,
                "referee": w.number(1, 12),
                "attendance": w.number(500, 40_000) if played else None,
                "goals": [
                    {"player": w.some(players)["id"], "minute": w.number(1, 90), "own": w.chance(0.05)}
                    for _ in range(w.number(0, 4))
                ]
                if played
                else [],
            }
        )
    standings = [
        {
            "season": season["id"],
            "team": code,
            "played": 27,
            "won": w.number(0, 20),
            "drawn": w.number(0, 10),
            "lost": w.number(0, 20),
            "goals_for": w.number(10, 70),
            "goals_against": w.number(10, 70),
            "points": w.number(5, 70),
        }
        for season in seasons
        for code in codes
    ]
    transfers = [
        {
            "player": w.some(players)["id"],
            "from_team": w.some(codes) if w.chance(0.8) else None,
            "to_team": w.some(codes),
            "fee": w.some([0, 150_000.0, 1_200_000.0, 99_999.5]),
            "date": w.iso_day(),
        }
        for _ in range(40)
    ]
    return [
        php_pretty("teams.json", teams),
        php("players.json", players),
        php("referees.json", referees),
        php_pretty("seasons.json", seasons),
        php("matches.json", matches),
        php("standings.json", standings),
        php("transfers.json", transfers),
    ]
