"""A water laboratory: samples and results in a spreadsheet's CSV, certificates and methods in JSON of the intranet."""

from datetime import timedelta
from typing import Any

from store_files import File, php_pretty, semicolon
from store_words import Words

Record = dict[str, Any]

METHODS = {
    "ISO-7888": ("conductivity", "µS/cm", 5, 9.5),
    "ISO-10523": ("pH", "", 0.1, 6),
    "ISO-7027": ("turbidity", "NTU", 0.05, 12),
    "ISO-10304-1": ("nitrate", "mg/l", 0.5, 24.9),
    "ISO-9308-1": ("E. coli", "CFU/100ml", 1, 31),
    "ISO-7899-2": ("enterococci", "CFU/100ml", 1, 31),
    "ISO-17294-2": ("lead", "µg/l", 0.2, 45.5),
    "ISO-6059": ("hardness", "mmol/l", 0.05, 11.25),
    "HM-12": ("chlorine, free", "mg/l", 0.03, 8),
    "HM-15": ("odour", "TON", 1, 5),
}


def make(w: Words) -> list[File]:
    clients = make_clients(w)
    numbers = w.few([c["client_no"] for c in clients], 48, 48)
    sites = make_sites(w, numbers)
    analysts = make_analysts(w)
    staff = [a["initials"] for a in analysts]
    methods = make_methods()
    instruments = make_instruments(w, staff)
    machines = [i["serial_no"] for i in instruments]
    calibrations = make_calibrations(w, staff, machines)
    batches = make_batches(w, staff)
    lots = [b["batch"] for b in batches[:-1]]
    samples = make_samples(w, sites, staff, lots)
    codes = [s["barcode"] for s in samples]
    results = make_results(w, staff, machines, codes)
    owner = {s["id"]: s["client_no"] for s in sites}
    by_client = barcodes_by_client(samples, owner)
    certificates = make_certificates(w, numbers, staff, by_client)
    return [
        semicolon("clients.csv", clients),
        php_pretty("sites.json", sites),
        semicolon("analysts.csv", analysts),
        php_pretty("methods.json", methods),
        semicolon("instruments.csv", instruments),
        php_pretty("calibrations.json", calibrations),
        php_pretty("batches.json", batches),
        semicolon("samples.csv", samples),
        semicolon("results.csv", results),
        php_pretty("certificates.json", certificates),
    ]


def make_clients(w: Words) -> list[Record]:
    return [
        {
            "client_no": f"K{n:04d}",
            "name": w.name() + w.some([" Waterworks", " Council", " Hotel", " Dairy", " Pools Ltd"]),
            "street": f"{w.some(['Mill', 'Dock', 'Well', 'Long'])} Lane {w.number(1, 90)}",
            "zip": f"{w.number(1, 99999):05d}",
            "city": w.city(),
            "contact_email": w.maybe(w.email(), 0.9, ""),
            "public_body": int(w.chance(0.3)),
        }
        for n in sorted(w.few(range(3, 75), 48, 48))
    ]


def make_sites(w: Words, numbers: list[str]) -> list[Record]:
    sites = []
    for n in sorted(w.few(range(1, 140), 110, 110)):
        kind = w.some(["tap", "tap", "well", "pool", "tank"])
        site = {
            "id": n,
            "client_no": w.skewed(numbers),
            "label": w.words(1, 3).capitalize(),
            "kind": kind,
            "position": {"lat": round(w.random.uniform(46, 54), 5), "lng": round(w.random.uniform(5, 15), 5)},
        }
        if kind == "well":
            site["depth_m"] = w.number(4, 120)
        sites.append(site)
    return sites


def make_analysts(w: Words) -> list[Record]:
    analysts: list[Record] = []
    for _ in range(14):
        name = w.fresh(lambda: f"{w.first()} {w.some(['Adler', 'Brandt', 'Hansen', 'Novak', 'Petrov', 'Young'])}")
        short = (name[:2] + name.split()[1][0]).upper()
        if short not in [a["initials"] for a in analysts]:
            analysts.append(
                {
                    "initials": short,
                    "name": name,
                    "since": w.day().strftime("%d.%m.%Y"),
                    "active": int(w.chance(0.8)),
                }
            )
    return analysts


def make_methods() -> dict[str, Record]:
    return {
        code: {
            "parameter": parameter,
            "unit": unit,
            "detection_limit": limit,
            "accredited": code.startswith("ISO"),
            "price": price,
        }
        for code, (parameter, unit, limit, price) in METHODS.items()
    }


def make_instruments(w: Words, staff: list[str]) -> list[Record]:
    return [
        {
            "serial_no": w.fresh(lambda: f"{w.some(['SN', 'MT', 'HQ'])}{w.number(10000, 99999)}-{w.number(1, 9)}"),
            "model": w.some(["Multi 340", "Lambda 25", "ICQ-7", "Turbi 550", "Incub 9"]),
            "room": w.some(["L1", "L2", "L3", "micro"]),
            "bought": w.day().strftime("%d.%m.%Y"),
            "keeper": w.maybe(w.some(staff), 0.8, ""),
        }
        for _ in range(17)
    ]


def make_calibrations(w: Words, staff: list[str], machines: list[str]) -> list[Record]:
    return [
        {
            "id": n,
            "instrument": "SN00000-0" if n == 88 else w.skewed(machines),
            "done_on": w.iso_day(),
            "done_by": w.some(staff),
            "readings": [round(w.random.uniform(0.9, 1.1), 3) for _ in range(w.number(3, 5))],
            "passed": w.chance(0.94),
        }
        for n in range(1, 121)
    ]


def make_batches(w: Words, staff: list[str]) -> list[Record]:
    batches = []
    for n, opened in enumerate(sorted(w.moment() for _ in range(60)), 1):
        batches.append(
            {
                "batch": f"B{opened:%y}-{n:03d}",
                "opened": opened.strftime("%Y-%m-%d %H:%M"),
                "opened_by": w.some(staff),
                "closed": (opened + timedelta(days=w.number(1, 9))).strftime("%Y-%m-%d %H:%M") if n < 56 else None,
                "status": "closed" if n < 56 else w.some(["open", "running"]),
            }
        )
    return batches


def make_samples(w: Words, sites: list[Record], staff: list[str], lots: list[str]) -> list[Record]:
    samples = []
    for n in sorted(w.few(range(20_000_100, 20_000_560), 360, 360)):
        taken = w.moment()
        samples.append(
            {
                "barcode": f"{n}{n % 7}",
                "site_id": w.skewed(sites)["id"],
                "taken_at": taken.strftime("%d.%m.%Y %H:%M"),
                "taken_by": w.maybe(w.some(staff), 0.7, ""),
                "received_at": (taken + timedelta(minutes=w.number(30, 3000))).strftime("%d.%m.%Y %H:%M"),
                "temp_c": f"{w.random.uniform(3, 21):.1f}".replace(".", ","),
                "batch": w.maybe(w.some(lots), 0.95, ""),
                "condition": w.some(["ok", "ok", "ok", "warm", "leaking"]),
            }
        )
    return samples


def make_results(w: Words, staff: list[str], machines: list[str], codes: list[str]) -> list[Record]:
    results = [
        {
            "sample": code,
            "method": method,
            "instrument": w.maybe(w.skewed(machines), 0.85, ""),
            "analyst": w.some(staff),
            "value": f"{w.random.expovariate(0.3):.2f}".replace(".", ","),
            "flag": w.some(["", "", "", "", "<LOD", "repeat"]),
            "measured_on": w.day().strftime("%d.%m.%Y"),
        }
        for code in codes[:-15]
        for method in w.few(list(METHODS)[:-1], 4, 1)
    ]
    results[301]["sample"] = "200000010"
    results[302]["sample"] = "200000010"
    results[301]["method"], results[302]["method"] = "ISO-6059", "HM-12"
    return results


def barcodes_by_client(samples: list[Record], owner: dict[int, str]) -> dict[str, list[str]]:
    by_client: dict[str, list[str]] = {}
    for sample in samples:
        by_client.setdefault(owner[sample["site_id"]], []).append(sample["barcode"])
    return by_client


def make_certificates(w: Words, numbers: list[str], staff: list[str], by_client: dict[str, list[str]]) -> list[Record]:
    certificates: list[Record] = []
    for n in range(1, 131):
        client = w.skewed([c for c in numbers if c in by_client])
        certificates.append(
            {
                "no": f"Z-{n:05d}",
                "client_no": client,
                "issued": w.iso_day(),
                "signed_by": w.some(staff[:4]),
                "samples": w.few(by_client[client], 6, 1),
                "supersedes": w.some(certificates)["no"] if n > 15 and w.chance(0.12) else None,
                "fee": w.number(2, 30) * 12.5 + w.some([0, 4.9]),
            }
        )
    return certificates
