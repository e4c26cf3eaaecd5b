"""A network of amateur weather stations: PHP with French names, readings that arrive as CSV with decimal commas."""

from datetime import datetime, timedelta
from typing import Any

from store_files import File, comma, php, semicolon
from store_words import START, Words

Record = dict[str, Any]

COMMUNES = (
    "Arles Aubagne Barjols Cassis Draguignan Eyguières Forcalquier Gordes Hyères Istres Jouques Lambesc Manosque"
    " Nyons Orange Pertuis Riez Salernes Tarascon Uzès Valensole Vence"
).split()
NOMS = "Martin Bernard Roux Faure Blanc Garnier Chabert Giraud Pons Aubert Reynaud Michel Brun Isnard".split()
PRENOMS = "Aline Benoît Camille Denis Élise Fabien Hélène Julien Lucie Marc Nadia Odile Pascal Régine Simon".split()
PHRASES = (
    "Forte rafale vers midi",
    "Grêlons de deux centimètres",
    "Route verglacée au col",
    "Brouillard levé à dix heures",
    "Orage bref mais violent",
    "Neige fondue en soirée",
)


def make(w: Words) -> list[File]:
    roles = make_roles()
    observateurs = make_observateurs(w)
    logins = [o["identifiant"] for o in observateurs]
    modeles = make_modeles(w)
    stations = make_stations(w, logins, modeles)
    codes = w.few(stations, 22, 22)
    releves = make_releves(w, codes)
    types = make_types()
    phenomenes = make_phenomenes(w, logins, codes, types)
    numeros = sorted(w.few(range(1, 60), 48, 48))
    alertes = make_alertes(w, logins, codes, numeros)
    abonnes = make_abonnes(w, codes)
    return [
        php("roles.json", roles),
        php("observateurs.json", observateurs),
        comma("modeles.csv", modeles),
        php("stations.json", stations),
        semicolon("releves.csv", releves),
        php("types_phenomene.json", types),
        php("phenomenes.json", phenomenes),
        php("alertes.json", alertes),
        php("abonnes.json", abonnes),
    ]


def make_roles() -> dict[str, Record]:
    return {
        "admin": {"libelle": "Administrateur", "droits": ["stations", "alertes", "comptes"]},
        "previsionniste": {"libelle": "Prévisionniste", "droits": ["alertes"]},
        "observateur": {"libelle": "Observateur", "droits": ["phenomenes"]},
        "lecteur": {"libelle": "Simple lecteur", "droits": []},
    }


def make_observateurs(w: Words) -> list[Record]:
    observateurs = []
    for _ in range(46):
        prenom, nom = w.some(PRENOMS), w.some(NOMS)
        observateurs.append(
            {
                "identifiant": w.username(),
                "courriel": w.email(),
                "mot_de_passe": w.bcrypt(),
                "prenom": prenom,
                "nom": nom,
                "role": w.some(["observateur"] * 7 + ["previsionniste", "lecteur", "admin"]),
                "inscrit_le": w.sql_time(),
                "derniere_connexion": w.maybe(w.sql_time(), 0.8),
            }
        )
    return observateurs


def make_modeles(w: Words) -> list[Record]:
    return [
        {
            "reference": f"{w.some(['DV', 'OR', 'LC', 'NT'])}-{w.number(10, 99)}{n:02d}",
            "fabricant": w.some(["Davantis", "Oregone", "Lacrosse", "Netat"]),
            "designation": w.some(["Thermomètre", "Pluviomètre", "Anémomètre", "Baromètre"]) + f" série {n}",
            "prix": f"{w.price(240):.2f}",
        }
        for n in range(1, 19)
    ]


def make_stations(w: Words, logins: list[str], modeles: list[Record]) -> dict[str, Record]:
    stations = {}
    for n, commune in enumerate(COMMUNES, 1):
        code = f"{commune[:3].upper().replace('È', 'E')}{n:02d}"
        stations[code] = {
            "nom": w.some(["Le Mas", "Les Pins", "La Gare", "Le Stade", "Col"]) + f" de {commune}",
            "commune": commune,
            "code_postal": w.some(["04", "13", "26", "83", "06"]) + f"{w.number(0, 99) * 10:03d}",
            "altitude": w.number(2, 1400),
            "latitude": round(w.random.uniform(43.1, 44.6), 4),
            "longitude": round(w.random.uniform(4.2, 7.1), 4),
            "responsable": w.some(logins[:18]),
            "mise_en_service": w.iso_day(),
            "active": int(w.chance(0.85)),
            "capteurs": [
                {
                    "grandeur": grandeur,
                    "modele": w.skewed(modeles)["reference"],
                    "numero_serie": w.fresh(lambda: f"{w.some('ABDX')}{w.number(100000, 999999)}"),
                    "pose_le": w.iso_day(),
                }
                for grandeur in w.few(["temperature", "pluie", "vent", "pression", "humidite"], 5, 2)
            ],
        }
    return stations


def make_releves(w: Words, codes: list[str]) -> list[Record]:
    vus: set[tuple[datetime, str]] = set()
    while len(vus) < 700:
        quand = START + timedelta(hours=w.number(0, 20_000))
        vus.add((quand, w.skewed(codes)))
    return [
        {
            "station": station,
            "date_heure": quand.strftime("%Y-%m-%d %H:%M:00"),
            "temperature": f"{w.random.uniform(-6, 38):.1f}".replace(".", ","),
            "humidite": w.maybe(w.number(15, 100), 0.95, ""),
            "pluie_mm": f"{w.some([0, 0, 0, 0.2, 1.4, 3.6, 12.8]):.1f}".replace(".", ","),
            "vent_kmh": w.maybe(w.number(0, 110), 0.8, ""),
        }
        for quand, station in sorted(vus)
    ]


def make_types() -> dict[str, Record]:
    return {
        "grele": {"libelle": "Grêle", "gravite": 3, "couleur": "#3366cc"},
        "orage": {"libelle": "Orage", "gravite": 2, "couleur": "#cc9900"},
        "neige": {"libelle": "Neige", "gravite": 2, "couleur": "#eeeeff"},
        "verglas": {"libelle": "Verglas", "gravite": 3, "couleur": "#99ccff"},
        "brouillard": {"libelle": "Brouillard", "gravite": 1, "couleur": "#999999"},
        "tornade": {"libelle": "Tornade", "gravite": 5, "couleur": "#660000"},
        "coup-de-vent": {"libelle": "Coup de vent", "gravite": 2, "couleur": "#33aa66"},
    }


def make_phenomenes(w: Words, logins: list[str], codes: list[str], types: dict[str, Record]) -> list[Record]:
    phenomenes = []
    for n in range(150):
        un = {
            "id": w.uniqid(),
            "type": w.some([t for t in types if t != "tornade"]),
            "station": w.skewed(codes) if w.chance(0.9) else None,
            "auteur": "ancien.membre" if n in (17, 102) else w.skewed(logins),
            "observe_le": w.sql_time(),
            "intensite": w.number(1, 5),
            "commentaire": w.maybe(w.some(PHRASES) + w.some([".", " !", ", rien de grave."]), 0.7, ""),
        }
        if w.chance(0.3):
            un["photo"] = f"photos/{w.hex(10)}.jpg"
        phenomenes.append(un)
    return phenomenes


def make_alertes(w: Words, logins: list[str], codes: list[str], numeros: list[int]) -> list[Record]:
    alertes = []
    for place, n in enumerate(numeros):
        debut = w.moment()
        alertes.append(
            {
                "id": n,
                "niveau": w.some(["jaune", "jaune", "orange", "rouge"]),
                "stations": w.few(codes, 8, 1),
                "debut": debut.strftime("%Y-%m-%d %H:%M:%S"),
                "fin": (debut + timedelta(hours=w.number(3, 40))).strftime("%Y-%m-%d %H:%M:%S"),
                "emise_par": w.some(logins[:9]),
                "remplace": numeros[w.number(max(0, place - 6), place - 1)] if place > 3 and w.chance(0.3) else None,
                "message": " ".join(w.some(PHRASES) + "." for _ in range(w.number(1, 3))),
            }
        )
    return alertes


def make_abonnes(w: Words, codes: list[str]) -> list[Record]:
    return [
        {
            "courriel": w.email(),
            "jeton": w.hex(32),
            "confirme": w.chance(0.85),
            "stations": w.few(codes, 4),
            "envois": {"alertes": w.chance(0.9), "bulletin": w.chance(0.4)},
            "depuis": w.sql_time(),
        }
        for _ in range(90)
    ]
