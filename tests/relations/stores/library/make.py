"""A village library in CSV: semicolons, ISBNs and card numbers for keys, decimal commas, a table without an id."""

from store_files import File, semicolon
from store_words import Words


def make(w: Words) -> list[File]:
    authors = [
        {
            "id": number,
            "last_name": w.last(),
            "first_name": w.first(),
            "born": w.number(1850, 1990),
            "died": w.maybe(w.number(1920, 2020), 0.4, ""),
            "country": w.some(["UA", "UK", "FR", "PT", "PL"]),
        }
        for number in range(1, 36)
    ]
    books = [
        {
            "isbn": f"978{w.number(10**9, 10**10 - 1)}",
            "title": w.title(),
            "author_id": w.number(1, 35),
            "publisher": w.some(["Old Mill", "Harbour Press", "Stork", "Lantern Books"]),
            "year": w.number(1950, 2023),
            "pages": w.number(60, 900),
            "language": w.some(["en", "uk", "fr"]),
            "copies": w.number(1, 5),
            "keywords": ", ".join(w.few(["history", "novel", "poems", "garden", "sea", "cooking"], 3)),
        }
        for _ in range(120)
    ]
    isbns = [each["isbn"] for each in books]
    members = [
        {
            "card_no": f"M-{number:05d}",
            "name": w.person(),
            "email": w.maybe(w.email(), 0.8, ""),
            "phone": w.phone(),
            "joined": w.day().strftime("%d.%m.%Y"),
            "active": w.some(["yes", "yes", "no"]),
        }
        for number in range(3, 68)
    ]
    cards = [each["card_no"] for each in members]
    loans = []
    for number in range(1, 241):
        day = w.day()
        loans.append(
            {
                "id": number,
                "isbn": w.some(isbns),
                "card_no": "M-00001" if number in (40, 133) else w.some(cards),
                "loaned": day.isoformat(),
                "due": w.after(day),
                "returned": w.maybe(w.iso_day(), 0.85, ""),
            }
        )
    pairs = w.few([(isbn, card) for isbn in isbns[:60] for card in cards[:40]], 45, 45)
    reservations = [
        {"isbn": isbn, "card_no": card, "since": w.iso_day(), "place": w.number(1, 4)} for isbn, card in pairs
    ]
    fines = [
        {"loan_id": loan["id"], "amount": f"{w.number(0, 9)},{w.some(['00', '50'])}", "paid": w.number(0, 1)}
        for loan in w.few(loans, 30, 30)
    ]
    return [
        semicolon("authors.csv", authors),
        semicolon("books.csv", books),
        semicolon("members.csv", members),
        semicolon("loans.csv", loans),
        semicolon("reservations.csv", reservations),
        semicolon("fines.csv", fines),
    ]
