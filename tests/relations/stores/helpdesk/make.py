"""A help desk in one guarded file: tickets by number, replies of agents or customers (a polymorphic pair)."""

from store_files import File, php_guarded
from store_words import Words


def make(w: Words) -> list[File]:
    codes = ["billing", "tech", "sales", "returns"]
    agents = [
        {
            "id": 5 + n,
            "username": w.username(),
            "name": w.person(),
            "email": w.email(),
            "department": w.some(codes),
            "signature": w.maybe(w.sentence(), 0.5, ""),
        }
        for n in range(15)
    ]
    staff = [each["id"] for each in agents]
    departments = [{"code": code, "name": code.capitalize(), "lead": w.some(staff)} for code in codes]
    customers = [
        {
            "id": 200 + n,
            "name": w.person(),
            "email": w.email(),
            "company": w.maybe(w.name(), 0.5, ""),
            "vip": w.chance(0.1),
        }
        for n in range(65)
    ]
    clients = [each["id"] for each in customers]
    tickets = []
    for number in range(1, 131):
        replies = []
        for _ in range(w.number(0, 4)):
            kind = w.some(["agent", "customer"])
            replies.append(
                {
                    "author_type": kind,
                    "author_id": w.some(staff if kind == "agent" else clients),
                    "body": w.text(3),
                    "at": w.sql_time(),
                    "internal": w.chance(0.1),
                }
            )
        tickets.append(
            {
                "number": 30_000 + number,
                "subject": w.title(),
                "requester": w.some(clients),
                "assignee": w.some(staff) if w.chance(0.8) else None,
                "department": w.some(codes),
                "priority": w.some(["low", "normal", "high"]),
                "status": w.some(["open", "pending", "closed"]),
                "tags": w.few(["refund", "login", "bug", "vip", "slow"], 2),
                "replies": replies,
                "history": [
                    {
                        "at": w.sql_time(),
                        "by": w.some(staff),
                        "field": w.some(["status", "priority"]),
                        "old": w.words(1, 1),
                        "new": w.words(1, 1),
                    }
                    for _ in range(w.number(0, 3))
                ],
                "merged_into": 30_000 + w.number(1, number - 1) if number > 20 and w.chance(0.1) else None,
                "rating": w.number(1, 5) if w.chance(0.3) else None,
                "created": w.sql_time(),
                "closed": w.maybe(w.sql_time(), 0.4),
            }
        )
    canned = [
        {"id": n, "title": w.title(), "body": w.text(4), "created_by": w.some(staff), "uses": w.number(0, 300)}
        for n in range(1, 21)
    ]
    return [
        php_guarded(
            "data.php",
            {
                "departments": departments,
                "agents": agents,
                "customers": customers,
                "tickets": tickets,
                "canned_responses": canned,
            },
        )
    ]
