"""A car repair in PHP: cars by plate, jobs with parts used, mechanics by initials, invoices one to one with jobs."""

from store_files import File, php_pretty
from store_words import Words


def make(w: Words) -> list[File]:
    owners = [
        {"owner_id": n, "name": w.person(), "tel": w.phone(), "email": w.maybe(w.email(), 0.6, "")}
        for n in range(1, 46)
    ]
    cars = {
        w.fresh(
            lambda: f"{w.some('ABCEHK')}{w.some('ABCEHK')}{w.number(1000, 9999)}{w.some('ABCEHK')}{w.some('ABCEHK')}"
        ): {
            "make": w.some(["Skoda", "VW", "Renault", "Fiat"]),
            "model": w.words(1, 1),
            "year": w.number(1995, 2022),
            "owner": w.number(1, 45),
            "mileage": w.number(5, 300) * 1000,
        }
        for _ in range(60)
    }
    mechanics = [
        {"initials": i, "name": w.person(), "hired": w.iso_day(), "boss": b}
        for i, b in (("AK", None), ("BT", "AK"), ("CM", "AK"), ("DD", "BT"), ("EV", "BT"), ("FR", "CM"))
    ]
    parts = [
        {"part_no": f"P-{n:05d}", "name": w.title(), "price": f"{w.price(300):.2f}", "in_stock": w.number(0, 40)}
        for n in range(10, 90)
    ]
    jobs = [
        {
            "job_no": 7000 + n,
            "plate": "ZZ0000ZZ" if n == 12 else w.some(list(cars)),
            "mechanic": w.some(mechanics)["initials"],
            "opened": w.iso_day(),
            "closed": w.maybe(w.iso_day(), 0.8),
            "complaint": w.sentence(),
            "parts": [{"part_no": p["part_no"], "qty": w.number(1, 4), "price": p["price"]} for p in w.few(parts, 4)],
            "hours": w.some([0.5, 1, 1.5, 3]),
        }
        for n in range(1, 131)
    ]
    invoices = [
        {
            "job_no": j["job_no"],
            "number": f"INV{n:05d}",
            "total": f"{w.price(900):.2f}",
            "paid_on": w.maybe(w.iso_day(), 0.7),
        }
        for n, j in enumerate(jobs[:100], 1)
    ]
    return [
        php_pretty("owners.json", owners),
        php_pretty("cars.json", cars),
        php_pretty("mechanics.json", mechanics),
        php_pretty("parts.json", parts),
        php_pretty("jobs.json", jobs),
        php_pretty("invoices.json", invoices),
    ]
