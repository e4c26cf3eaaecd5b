"""A Spanish mountain club in PHP: Spanish names, members by number with zeros, routes and huts by slug."""

from datetime import timedelta
from typing import Any

from store_files import File, php_guarded, php_pretty, semicolon
from store_words import Words, slug

Record = dict[str, Any]

NAMES = "Lucía Marta Iker Pablo Carmen Jorge Nerea Álvaro Pilar Unai Sara Diego Inés Raúl Elena Hugo".split()
SURNAMES = "García Ibarra Moreno Gil Etxeberria Lanuza Sanz Ferrer Pardo Otal Vidal Azcona Ruiz Bielsa".split()
PEAKS = "Aneto Posets Perdido Vallibierna Balaitus Infierno Anayet Bisaurín Collarada Cotiella Turbón Moncayo".split()
WAYS = ("Ascenso al", "Vuelta al", "Travesía del", "Cresta del", "Ibón del", "Collado del")
HUTS = "Estós Respomuso Góriz Bachimaña Renclusa Lizara Panticosa Biadós Viñamala Belagua Gabardito".split()
SUBJECTS = (
    "Cambio de hora|Nieve en el collado|Plazas libres|Fuente seca|Refugio cerrado|Falta conductor|Pista cortada|"
    "Fotos de la salida|Material obligatorio|Track corregido|Aviso de tormentas"
).split("|")
LINES = (
    "Salimos del aparcamiento junto al puente.",
    "La senda cruza el barranco dos veces.",
    "Hay que llevar casco y agua suficiente.",
    "Desde el collado se ve todo el valle.",
    "La última fuente está a media hora del refugio.",
    "En primavera queda nieve en la cara norte.",
    "¿Alguien tiene sitio en el coche?",
    "El descenso se hace por la pista forestal.",
    "Imprescindible licencia federativa.",
    "Se suspende si hay tormenta.",
)
ASCII = str.maketrans("áéíóúñÁÉÍÓÚ", "aeiounAEIOU")
ZONAS = (
    ("Valle de Tena", "Huesca", "145"),
    ("Ordesa", "Huesca", "146"),
    ("Benasque", "Huesca", "180-II"),
    ("Valle de Hecho", "Huesca", "118"),
    ("Moncayo", "Zaragoza", "352"),
    ("Roncal", "Navarra", "118"),
    ("Gúdar", "Teruel", "568"),
    ("Guara", "Huesca", "249"),
)
MATERIAL = (("piolet", 14), ("crampones", 12), ("casco", 15), ("raquetas", 9), ("arva", 8), ("cuerda", 6))


def make(w: Words) -> list[File]:
    numeros = [f"{n:04d}" for n in sorted(w.random.sample(range(3, 480), 96))]
    socios = make_socios(w, numeros)
    activos = w.few(numeros, 80, 80)
    usuarios = make_usuarios(w, numeros)
    logins = list(usuarios)
    zonas = [{"nombre": nombre, "provincia": provincia, "hoja_mapa": hoja} for nombre, provincia, hoja in ZONAS]
    nombres = [each["nombre"] for each in zonas]
    refugios = make_refugios(w, nombres)
    rutas = make_rutas(w, logins, nombres, refugios)
    slugs = list(rutas)
    w.random.shuffle(slugs)
    salidas = make_salidas(w, activos, slugs)
    inscripciones = make_inscripciones(w, activos, salidas)
    avisos = make_avisos(w, logins, refugios, slugs, salidas)
    material = make_material(w)
    codigos = [each["codigo"] for each in material]
    w.random.shuffle(codigos)
    prestamos = make_prestamos(w, activos, logins, codigos)
    config = make_config(w)
    return [
        php_guarded("datos/socios.php", socios),
        php_guarded("datos/usuarios.php", usuarios),
        php_pretty("datos/zonas.json", zonas),
        php_pretty("datos/refugios.json", refugios),
        php_pretty("datos/rutas.json", rutas),
        php_pretty("datos/salidas.json", salidas),
        php_pretty("datos/inscripciones.json", inscripciones),
        php_pretty("datos/avisos.json", avisos),
        semicolon("datos/material.csv", material),
        php_pretty("datos/prestamos.json", prestamos),
        php_guarded("datos/config.php", config),
    ]


def make_socios(w: Words, numeros: list[str]) -> list[Record]:
    socios = []
    for place, numero in enumerate(numeros):
        nombre = w.some(NAMES)
        apellidos = f"{w.some(SURNAMES)} {w.some(SURNAMES)}"
        child = place > 20 and w.chance(0.12)
        socios.append(
            {
                "numero": numero,
                "nombre": nombre,
                "apellidos": apellidos,
                "correo": w.email(f"{nombre} {apellidos.split(maxsplit=1)[0]}".translate(ASCII)),
                "telefono": w.maybe(f"6{w.number(10**7, 10**8 - 1)}", 0.85, ""),
                "nacimiento": (w.birthday(2009, 2015) if child else w.birthday(1950, 2004)).isoformat(),
                "alta": w.iso_day(),
                "cuota": w.some(["activa", "activa", "activa", "impagada", "baja", "honor"]),
                "tutor": w.some(numeros[:20]) if child else None,
            }
        )
    return socios


def make_usuarios(w: Words, numeros: list[str]) -> dict[str, Record]:
    usuarios = {}
    for numero in w.few(numeros[:60], 11, 11):
        login = w.fresh(lambda: w.some(NAMES).translate(ASCII).lower() + w.some(["", "", "_m", "82", ".g"]))
        usuarios[login] = {
            "clave": w.bcrypt(),
            "socio": numero,
            "permisos": w.few(["rutas", "salidas", "socios", "material", "avisos"], 4, 1),
            "ultimo_acceso": w.maybe(w.unix(), 0.9),
        }
    usuarios["admin"] = {"clave": w.bcrypt(), "socio": None, "permisos": ["todo"], "ultimo_acceso": w.unix()}
    return usuarios


def make_refugios(w: Words, nombres: list[str]) -> dict[str, Record]:
    refugios = {}
    for nombre in [*HUTS, "Cap de Llauset"]:
        guarded = w.chance(0.7)
        refugios[slug(nombre.translate(ASCII))] = {
            "nombre": f"Refugio de {nombre}",
            "zona": w.some(nombres[:6]),
            "plazas": w.number(8, 120),
            "altitud": w.number(1200, 2450),
            "guardado": guarded,
            "telefono": f"974{w.number(100000, 999999)}" if guarded else None,
            "servicios": {"agua": w.chance(0.9), "comidas": guarded, "duchas": w.chance(0.4)},
        }
    return refugios


def make_rutas(w: Words, logins: list[str], nombres: list[str], refugios: dict[str, Record]) -> dict[str, Record]:
    rutas = {}
    for _ in range(44):
        titulo = w.fresh(lambda: f"{w.some(WAYS)} {w.some(PEAKS)}")
        ruta = {
            "titulo": titulo,
            "dificultad": w.some(["F", "F", "PD", "PD", "AD", "D"]),
            "zona": w.skewed(nombres),
            "km": round(4 + w.random.random() * 22, 1),
            "desnivel": w.number(15, 190) * 10,
            "refugios": w.few(refugios, 3),
            "autor": w.skewed(logins),
            "puntos": [
                {
                    "lat": round(42.5 + w.random.random() / 3, 5),
                    "lng": round(-0.6 + w.random.random(), 5),
                    "alt": w.number(900, 3300),
                }
                for _ in range(w.number(2, 6))
            ],
        }
        if w.chance(0.7):
            ruta["descripcion"] = " ".join(w.few(LINES, 5, 2))
        rutas[slug(titulo.translate(ASCII))] = ruta
    return rutas


def make_salidas(w: Words, activos: list[str], slugs: list[str]) -> list[Record]:
    salidas = []
    for n in range(1, 78):
        if n in (5, 6, 31, 52):
            continue
        salida = {
            "id": n,
            "ruta": w.skewed(slugs),
            "fecha": w.iso_day(),
            "hora": f"{w.number(5, 9):02d}:{w.some(['00', '15', '30'])}",
            "guia": w.skewed(activos[:18]),
            "vocales": w.few(activos[:30], 3),
            "plazas": w.some([12, 15, 20, 25, 50]),
            "precio": w.some([0, 8, 12.5, 18, 22.5]),
            "estado": w.some(["hecha", "hecha", "hecha", "abierta", "completa", "anulada"]),
        }
        if w.chance(0.4):
            salida["transporte"] = {
                "tipo": w.some(["autobús", "microbús"]),
                "matricula": f"{w.number(1000, 9999)} {w.some('BCDFG')}{w.some('HJKLM')}{w.some('NPRST')}",
                "asientos": w.some([16, 28, 55]),
            }
        salidas.append(salida)
    return salidas


def make_inscripciones(w: Words, activos: list[str], salidas: list[Record]) -> list[Record]:
    inscripciones = [
        {
            "salida": salida["id"],
            "socio": socio,
            "fecha": w.sql_time(),
            "pagado": 1 if w.chance(0.85) else 0,
            "importe": f"{salida['precio']:.2f}",
        }
        for salida in salidas
        for socio in w.few(activos, 10, 2)
    ]
    w.random.shuffle(inscripciones)
    inscripciones[40]["salida"] = 31
    inscripciones[222]["salida"] = 5
    return inscripciones


def make_avisos(
    w: Words, logins: list[str], refugios: dict[str, Record], slugs: list[str], salidas: list[Record]
) -> list[Record]:
    avisos: list[Record] = []
    for n in range(75):
        kind = w.some(["ruta", "salida", "salida", "refugio"])
        target = {"ruta": slugs, "salida": [s["id"] for s in salidas], "refugio": list(refugios)}[kind]
        parent = w.some(avisos[:25]) if n > 5 and w.chance(0.35) else None
        avisos.append(
            {
                "id": w.uniqid(),
                "autor": w.skewed(logins),
                "asunto": f"Re: {parent['asunto'].removeprefix('Re: ')}" if parent else w.some(SUBJECTS),
                "texto": " ".join(w.few(LINES, 3, 1)),
                "publicado": w.unix(),
                "responde_a": parent["id"] if parent else None,
                "destino_tipo": kind,
                "destino_id": str(w.some(target)),
            }
        )
    return avisos


def make_material(w: Words) -> list[Record]:
    return [
        {
            "codigo": f"{kind[:3].upper()}-{n:02d}",
            "descripcion": kind,
            "comprado": w.maybe(w.day().strftime("%d/%m/%Y"), 0.9, ""),
            "precio": f"{w.number(15, 240)}.{w.some(['00', '95', '50'])}",
            "estado": w.some(["bueno", "bueno", "usado", "revisar", "retirado"]),
        }
        for kind, most in MATERIAL
        for n in range(1, most + 1)
    ]


def make_prestamos(w: Words, activos: list[str], logins: list[str], codigos: list[str]) -> list[Record]:
    prestamos = []
    for n in range(1, 111):
        day = w.day()
        prestamos.append(
            {
                "id": n + n // 30,
                "material": w.skewed(codigos),
                "socio": w.skewed(activos),
                "entregado_por": w.skewed(logins),
                "desde": day.isoformat(),
                "hasta": (day + timedelta(days=7)).isoformat(),
                "devuelto": w.maybe(w.after(day, 14), 0.85),
            }
        )
    return prestamos


def make_config(w: Words) -> Record:
    return {
        "club": "Peña Montañera Cierzo",
        "correo": "hola@example.org",
        "cuota_anual": 45,
        "temporada": 2024,
        "mantenimiento": False,
        "clave_api": w.hex(40),
        "redes": {"instagram": "pmcierzo", "telegram": "t.me/pmcierzo"},
    }
