"""An Italian winery on home-made PHP: vineyards, casks, rackings and orders under Italian names."""

from datetime import date
from typing import Any

from store_files import File, comma, php, php_pretty, semicolon
from store_words import Words, slug

Record = dict[str, Any]

COMUNI = "Barolo Canelli Dogliani Gavi Neive Ovada Nizza Treiso Verduno Alba".split()
NOMI = "Luca Marta Paolo Giulia Sandro Chiara Enzo Silvia Ugo Teresa Franco Ilaria".split()
COGNOMI = "Ferrero Bruno Gallo Marengo Conti Rinaldi Serra Vacca Boggio Pautasso Morra Delpiano".split()
VITIGNI = {
    "NEB": ("Nebbiolo", "rosso"),
    "BAR": ("Barbera", "rosso"),
    "DOL": ("Dolcetto", "rosso"),
    "FRE": ("Freisa", "rosso"),
    "ARN": ("Arneis", "bianco"),
    "MOS": ("Moscato", "bianco"),
    "COR": ("Cortese", "bianco"),
    "CHA": ("Chardonnay", "bianco"),
    "GRI": ("Grignolino", "rosso"),
}
TERRE = "Bricco Sorì Costa Rocca Pian Valle Cascina".split()
SANTI = "Rosa Pietro Lucia Sole Lupo Grillo Fontana Olmo Noce Gallo Luna Vento Fico".split()


def giorno(w: Words, anno: int | None = None) -> date:
    return date(anno or w.number(2019, 2024), w.number(1, 12), w.number(1, 28))


def make(w: Words) -> list[File]:
    sigle = list(VITIGNI)
    vitigni = [{"sigla": s, "nome": nome, "colore": colore} for s, (nome, colore) in VITIGNI.items()]
    vigneti = make_vigneti(w, sigle)
    vendemmie = make_vendemmie(w, vigneti)
    vini, numeri = make_vini(w, sigle)
    botti = make_botti(w, numeri)
    fusti = list(botti)
    travasi = make_travasi(w, fusti)
    agenti = make_agenti(w)
    rete = [a["nome"] for a in agenti]
    clienti = make_clienti(w, rete)
    ordini = make_ordini(w, vini, clienti)
    bottiglie = w.few([v["slug"] for v in vini], 54, 54)
    degustazioni = make_degustazioni(w, bottiglie)
    return [
        comma("vitigni.csv", vitigni),
        php("vigneti.json", vigneti),
        php("vendemmie.json", vendemmie),
        php_pretty("vini.json", vini),
        php_pretty("botti.json", botti),
        semicolon("travasi.csv", travasi),
        php("agenti.json", agenti),
        php("clienti.json", clienti),
        php("ordini.json", ordini),
        php("degustazioni.json", degustazioni),
    ]


def make_vigneti(w: Words, sigle: list[str]) -> list[Record]:
    return [
        {
            "id": n,
            "nome": w.fresh(lambda: f"{w.some(TERRE)} {w.some(SANTI)}"),
            "comune": w.some(COMUNI),
            "ettari": round(w.random.uniform(0.3, 4.5), 2),
            "vitigno": w.skewed(sigle[:8], 1.8),
            "anno_impianto": w.number(1958, 2018),
            "esposizione": w.some(["sud", "sud-est", "ovest", "sud-ovest"]),
        }
        for n in sorted(w.few(range(1, 24), 19, 19))
    ]


def make_vendemmie(w: Words, vigneti: list[Record]) -> list[Record]:
    vendemmie: list[Record] = []
    for anno in range(2016, 2025):
        for vigna in vigneti:
            if vigna["anno_impianto"] + 3 <= anno and w.chance(0.92):
                vendemmie.append(
                    {
                        "id": len(vendemmie) + 1,
                        "anno": anno,
                        "vigneto_id": 31 if w.chance(0.012) else vigna["id"],
                        "raccolta_il": date(anno, w.some([8, 9, 9, 10]), w.number(1, 28)).isoformat(),
                        "quintali": round(vigna["ettari"] * w.random.uniform(50, 95), 1),
                        "gradi_babo": round(w.random.uniform(15.5, 22.5), 1),
                        "note": w.maybe(w.some(["Grandine a luglio.", "Uve sane.", "Diradamento tardivo."]), 0.3, ""),
                    }
                )
    return vendemmie


def make_vini(w: Words, sigle: list[str]) -> tuple[list[Record], list[int]]:
    vini: list[Record] = []
    numeri: list[int] = []
    for n in sorted(w.few(range(1, 70), 54, 54)):
        annata = w.number(2015, 2023)
        nome = w.fresh(
            lambda: f"{w.some(['Langhe', 'Alba', 'Piemonte', 'Monferrato'])} {w.some(TERRE)} {w.some(SANTI)}"
        )
        uve = w.few(sigle, 3, 1)
        quote = {1: [100], 2: [w.some([70, 80, 60])], 3: [50, w.some([30, 20])]}[len(uve)]
        quote = quote if len(uve) == 1 else [*quote, 100 - sum(quote)]
        vini.append(
            {
                "id": n,
                "nome": nome,
                "slug": f"{slug(nome)}-{annata}",
                "annata": annata,
                "uvaggio": [{"vitigno": u, "percentuale": q} for u, q in zip(uve, quote, strict=True)],
                "vino_base": w.some(numeri) if len(numeri) > 4 and w.chance(0.2) else None,
                "alcol": w.some([11.5, 12.5, 13.5, 14.5, 13, 14]),
                "prezzo": w.some([7.5, 9.9, 12, 14.5, 18.9, 26, 38.5, 49.9]),
                "bottiglie": w.number(0, 9000),
            }
        )
        numeri.append(n)
    return vini, numeri


def make_botti(w: Words, numeri: list[int]) -> dict[str, Record]:
    botti = {}
    for n in range(1, 41):
        if n in (7, 22, 23):
            continue
        usa = w.chance(0.85)
        botti[f"B{n:02d}" if n < 31 else f"V{n - 30}"] = {
            "materiale": w.some(["rovere", "rovere", "acciaio", "cemento"]),
            "litri": w.some([225, 500, 1000, 2500, 5000]),
            "acquistata": giorno(w, w.number(1998, 2022)).isoformat(),
            "in_uso": int(usa),
            "contiene": w.some(numeri) if usa and w.chance(0.75) else None,
        }
    return botti


def make_travasi(w: Words, fusti: list[str]) -> list[Record]:
    travasi = []
    for giornata in sorted(giorno(w) for _ in range(160)):
        da, a = w.few(fusti, 2, 2)
        travasi.append(
            {
                "data": giornata.strftime("%d/%m/%Y"),
                "da_botte": da,
                "a_botte": a,
                "litri": w.number(20, 220) * 10,
                "cantiniere": w.some(["Ugo", "Franco", "Teresa"]),
            }
        )
    return travasi


def make_agenti(w: Words) -> list[Record]:
    return [
        {
            "nome": w.fresh(lambda: f"{w.some(NOMI)} {w.some(COGNOMI)}"),
            "telefono": f"+39 3{w.number(10, 99)} {w.number(1000000, 9999999)}",
            "zona": w.some(["Nord-Ovest", "Lombardia", "Estero", "Centro"]),
            "provvigione": w.number(3, 10),
        }
        for _ in range(9)
    ]


def make_clienti(w: Words, rete: list[str]) -> list[Record]:
    return [
        {
            "id": n,
            "ragione_sociale": w.fresh(
                lambda: (
                    f"{w.some(['Enoteca', 'Trattoria', 'Osteria', 'Bar', 'Hotel'])} {w.some(COGNOMI)}"
                    + w.some(["", " & Figli", " S.r.l.", " S.n.c."])
                )
            ),
            "partita_iva": w.fresh(lambda: f"0{w.number(1000000000, 9999999999)}"),
            "email": w.email(),
            "citta": w.some(["Torino", "Genova", "Asti", "Milano", "Cuneo"]),
            "cap": w.some(["10121", "16128", "14100", "00184", "12100"]),
            "agente": w.skewed(rete, 1.8) if w.chance(0.7) else None,
            "sconto": w.some([0, 0, 5, 10, 15]),
        }
        for n in sorted(w.few(range(101, 190), 70, 70))
    ]


def make_ordini(w: Words, vini: list[Record], clienti: list[Record]) -> list[Record]:
    ordini = []
    per_anno: dict[int, int] = {}
    for giornata in sorted(giorno(w) for _ in range(230)):
        per_anno[giornata.year] = per_anno.get(giornata.year, 0) + 1
        cliente = w.skewed(clienti, 1.8)
        righe = [
            {"vino_id": v["id"], "quantita": w.number(1, 20) * 6, "prezzo_unitario": v["prezzo"]}
            for v in w.few(vini[:44], 5, 1)
        ]
        ordini.append(
            {
                "numero": f"{giornata.year}/{per_anno[giornata.year]:03d}",
                "data": giornata.strftime("%d/%m/%Y"),
                "cliente": {k: cliente[k] for k in ("id", "ragione_sociale", "citta")},
                "agente": cliente["agente"],
                "righe": righe,
                "totale": round(sum(r["quantita"] * r["prezzo_unitario"] for r in righe), 2),
                "pagato": int(w.chance(0.8)),
            }
        )
    return ordini


def make_degustazioni(w: Words, bottiglie: list[str]) -> list[Record]:
    return [
        {
            "id": n,
            "quando": giorno(w).isoformat() + w.some([" 10:30:00", " 15:00:00", " 17:30:00"]),
            "persone": w.number(2, 25),
            "lingua": w.some(["it", "en", "de"]),
            "referente": {"nome": f"{w.some(NOMI)} {w.some(COGNOMI)}", "telefono": w.phone()},
            "vini": list(dict.fromkeys(w.skewed(bottiglie, 1.8) for _ in range(w.number(3, 6)))),
            "quota": w.some([15, 22.5, 30]),
        }
        for n in range(1, 66)
    ]
