"""A German club in PHP: German names throughout, members by number, days as 31.12.2023, sums with a comma."""

from store_files import File, php, semicolon
from store_words import Words


def make(w: Words) -> list[File]:
    mitglieder = [
        {
            "mitglied_nr": 100 + n,
            "vorname": w.first(),
            "nachname": w.last(),
            "email": w.maybe(w.email(), 0.9, ""),
            "geburtstag": w.birthday(1940, 2010).strftime("%d.%m.%Y"),
            "beitrag": f"{w.some([30, 60, 90])},00",
            "aktiv": w.some(["ja", "nein"]),
            "sparte": w.some(["FB", "TT", "SW", "TU"]),
        }
        for n in range(1, 121)
    ]
    nummern = [each["mitglied_nr"] for each in mitglieder]
    sparten = [
        {"kuerzel": k, "name": n, "leiter": w.some(nummern)}
        for k, n in (("FB", "Fussball"), ("TT", "Tischtennis"), ("SW", "Schwimmen"), ("TU", "Turnen"))
    ]
    hallen = [{"id": n, "name": w.name(), "ort": w.city()} for n in range(1, 7)]
    termine = [
        {
            "id": n,
            "titel": w.title(),
            "datum": w.day().strftime("%d.%m.%Y"),
            "uhrzeit": w.some(["18:00", "19:30"]),
            "halle_id": w.number(1, 6),
            "sparte": w.some(sparten)["kuerzel"],
            "teilnehmer": w.few(nummern, 9),
            "erstellt_von": w.some(nummern),
        }
        for n in range(1, 71)
    ]
    zahlungen = [
        {
            "id": n,
            "mitglied_nr": 999 if n == 50 else w.some(nummern),
            "betrag": f"{w.number(10, 90)},{w.some(['00', '50'])}",
            "eingang": w.day().strftime("%d.%m.%Y"),
            "zweck": w.words(),
        }
        for n in range(1, 201)
    ]
    return [
        semicolon("mitglieder.csv", mitglieder),
        php("sparten.json", sparten),
        php("hallen.json", hallen),
        php("termine.json", termine),
        semicolon("zahlungen.csv", zahlungen),
    ]
