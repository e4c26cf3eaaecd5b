"""A household budget in Node: accounts, categories in a tree by name, transfers between accounts, splits within."""

from store_files import File, node
from store_words import Words


def make(w: Words) -> list[File]:
    accounts = [
        {
            "id": w.nano_id(8),
            "name": w.name(),
            "type": w.some(["bank", "cash", "card"]),
            "currency": "EUR",
            "opening": w.price(2000),
            "closed": w.chance(0.1),
        }
        for _ in range(7)
    ]
    ids = [each["id"] for each in accounts]
    categories = [
        {"name": n, "parent": p, "budget": b}
        for n, p, b in (
            ("Food", None, 400),
            ("Groceries", "Food", 300),
            ("Eating out", "Food", 100),
            ("House", None, 900),
            ("Rent", "House", 700),
            ("Power", "House", 80),
            ("Fun", None, 120),
            ("Books", "Fun", 40),
            ("Salary", None, 0),
        )
    ]
    names = [each["name"] for each in categories]
    payees = [{"id": n, "name": w.name(), "defaultCategory": w.some(names)} for n in range(1, 36)]
    transactions = []
    for _ in range(280):
        entry = {
            "id": w.nano_id(12),
            "date": w.iso_day(),
            "accountId": w.some(ids),
            "payeeId": w.number(1, 35),
            "amount": round(-w.price(150), 2),
            "category": w.some(names),
            "memo": w.maybe(w.words(), 0.3, ""),
            "cleared": w.chance(0.8),
        }
        if w.chance(0.15):
            entry["splits"] = [{"category": w.some(names), "amount": round(-w.price(50), 2)} for _ in range(2)]
        transactions.append(entry)
    transfers = [
        {
            "id": w.nano_id(12),
            "date": w.iso_day(),
            "fromAccount": w.some(ids),
            "toAccount": w.some(ids),
            "amount": w.price(500),
        }
        for _ in range(45)
    ]
    goals = [
        {
            "id": n,
            "title": w.title(),
            "target": w.price(5000),
            "accountId": w.some(ids),
            "due": w.maybe(w.iso_day(), 0.6),
        }
        for n in range(1, 9)
    ]
    return [
        node("accounts.json", accounts),
        node("categories.json", categories),
        node("payees.json", payees),
        node("transactions.json", transactions),
        node("transfers.json", transfers),
        node("goals.json", goals),
    ]
