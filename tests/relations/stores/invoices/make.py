"""Invoices in PHP: a file for each, the client copied in, notes on clients or invoices (a polymorphic pair)."""

from store_files import File, each, php, php_pretty
from store_words import Words


def make(w: Words) -> list[File]:
    clients = [
        {
            "id": number,
            "company": w.name(),
            "contact": w.maybe(w.person(), 0.8, ""),
            "email": w.email(),
            "vat_no": w.maybe(f"PT{w.number(10**8, 10**9 - 1)}", 0.6),
            "address": {
                "street": f"{w.name()} {w.number(1, 50)}",
                "zip": f"{w.number(10000, 99999)}",
                "city": w.city(),
            },
            "created": w.unix(),
        }
        for number in range(1, 31)
    ]
    services = [
        {"code": code, "title": w.name(), "hourly": w.chance(0.6), "price": w.price(90)}
        for code in ("DEV", "DSG", "HST", "SEO", "TXT", "FIX", "MTG")
    ]
    invoices = {}
    for number in range(1, 76):
        client = w.some(clients)
        invoices[f"2023-{number:03d}"] = {
            "client_id": client["id"],
            "client": {
                "company": client["company"],
                "street": client["address"]["street"],
                "city": client["address"]["city"],
            },
            "issued": w.iso_day(),
            "due_days": w.some([14, 30]),
            "currency": w.some(["EUR", "EUR", "USD"]),
            "lines": [
                {"service": each["code"], "text": w.words(), "qty": w.some([1, 2, 1.5, 8]), "unit_price": each["price"]}
                for each in w.few(services, 4, 1)
            ],
            "vat_rate": w.some([0, 0.06, 0.23]),
            "paid": w.chance(0.7),
        }
    numbers = list(invoices)
    payments = [
        {
            "id": w.uniqid(),
            "invoice": w.some(numbers),
            "amount": w.price(900),
            "method": w.some(["bank", "card"]),
            "received": w.unix(),
        }
        for _ in range(60)
    ]
    notes = []
    for number in range(1, 56):
        kind = w.some(["client", "invoice"])
        notes.append(
            {
                "id": number,
                "item_type": kind,
                "item_id": str(w.number(1, 30)) if kind == "client" else w.some(numbers),
                "text": w.sentence(),
                "time": w.unix(),
            }
        )
    hours = [
        {
            "id": n,
            "client_id": w.number(1, 30),
            "service": w.some(services)["code"],
            "day": w.iso_day(),
            "hours": w.some([0.5, 1, 2.25, 6.0]),
            "invoice": w.some(numbers) if w.chance(0.75) else "",
        }
        for n in range(1, 151)
    ]
    return [
        php("clients.json", clients),
        php("services.json", services),
        php("payments.json", payments),
        php("notes.json", notes),
        php_pretty("hours.json", hours),
        *each("invoices", invoices, "php pretty"),
    ]
