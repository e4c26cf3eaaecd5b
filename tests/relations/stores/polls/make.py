"""Polls in PHP: keyed by uniqid(), counters within, votes without an id, an option that is no reference."""

from store_files import File, php, php_guarded
from store_words import Words


def make(w: Words) -> list[File]:
    users = [{"login": w.username(), "pass": w.md5(), "mail": w.email(), "admin": int(n == 0)} for n in range(8)]
    logins = [each["login"] for each in users]
    polls = {
        w.uniqid(): {
            "question": w.sentence(),
            "options": [{"label": w.words(1, 3), "votes": w.number(0, 90)} for _ in range(w.number(2, 5))],
            "multiple": w.chance(0.2),
            "created": w.unix(),
            "closes": w.maybe(w.unix(), 0.5),
            "created_by": w.some(logins),
        }
        for _ in range(24)
    }
    votes = [
        {"poll": w.some(list(polls)), "option": w.number(0, 4), "voter": w.md5(), "ip": w.ip(), "time": w.unix()}
        for _ in range(260)
    ]
    for number in (19, 20, 21):
        votes[number]["poll"] = "5f3c00aa1b2c3"
    comments = [
        {
            "poll": w.some(list(polls)),
            "login": w.some(logins) if w.chance(0.8) else "",
            "text": w.sentence(),
            "time": w.unix(),
        }
        for _ in range(60)
    ]
    return [
        php_guarded("users.php", users),
        php("polls.json", polls),
        php("votes.json", votes),
        php("comments.json", comments),
    ]
