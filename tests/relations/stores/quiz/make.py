"""A quiz site in PHP: a file per quiz with questions and answers within, results that name quiz and player."""

from store_files import File, each, php, php_pretty
from store_words import Words, slug


def make(w: Words) -> list[File]:
    players = {
        w.username(): {
            "email": w.email(),
            "passwordHash": w.bcrypt(),
            "joined": w.iso_day(),
            "stats": {"played": w.number(0, 60), "won": w.number(0, 20), "bestScore": w.number(0, 100)},
        }
        for _ in range(26)
    }
    categories = [
        {"slug": slug(name), "name": name, "icon": f"{slug(name)}.svg"} for name in (w.name() for _ in range(6))
    ]
    quizzes = {}
    for _ in range(18):
        title = w.title()
        quizzes[slug(title)] = {
            "title": title,
            "description": w.sentence(),
            "author": w.some(list(players)),
            "category": w.some(categories)["slug"],
            "timeLimit": w.some([0, 60, 120, 300]),
            "published": w.chance(0.9),
            "questions": [_question(w) for _ in range(w.number(4, 8))],
        }
    results = []
    for _ in range(150):
        name = w.some(list(quizzes))
        questions = quizzes[name]["questions"]
        started = w.unix()
        results.append(
            {
                "id": w.uniqid(),
                "quiz": name,
                "player": w.some(list(players)),
                "score": w.number(0, len(questions)),
                "max": len(questions),
                "answers": [w.number(0, 3) for _ in questions],
                "started": started,
                "finished": started + w.number(30, 600),
            }
        )
    return [
        php_pretty("players.json", players),
        php_pretty("categories.json", categories),
        php("results.json", results),
        *each("quizzes", quizzes, "php pretty"),
    ]


def _question(w: Words) -> dict:
    right = w.number(0, 3)
    question = {
        "text": w.sentence(),
        "points": w.number(1, 3),
        "answers": [{"text": w.words(1, 3), "correct": n == right} for n in range(4)],
    }
    if w.chance(0.3):
        question["explanation"] = w.sentence()
    return question
