"""A small web hoster's control panel, PHP files behind guards: accounts by user name, domains and mailboxes by name."""

from typing import Any

from store_files import File, php_guarded
from store_words import Words, slug

Record = dict[str, Any]

SERVERS = "web1.fra web2.fra web3.ams web5.ams db1.fra db2.ams mail1.fra ns1.fra ns2.ams".split()


def address_at(w: Words, domain: str) -> str:
    """A mail address, given once."""
    return w.fresh(lambda: f"{w.some(['info', 'office', 'shop', w.first().lower(), w.last().lower()])}@{domain}")


def make(w: Words) -> list[File]:
    plans = make_plans()
    accounts = make_accounts(w)
    users = list(accounts)
    servers = make_servers(w)
    web = [s["hostname"] for s in servers if s["role"] == "web"]
    hosts = [s["hostname"] for s in servers if s["role"] == "db"]
    domains = make_domains(w, users, web)
    names = w.few([d["domain"] for d in domains], 140, 140)
    mailboxes = make_mailboxes(w, names)
    forwards = make_forwards(w, names)
    databases = make_databases(w, users, hosts)
    payments = make_payments(w, plans, accounts, users)
    sessions = make_sessions(w, users)
    audit = make_audit(w, users, names, mailboxes, databases)
    return [
        php_guarded("plans.php", plans),
        php_guarded("accounts.php", accounts),
        php_guarded("servers.php", servers),
        php_guarded("domains.php", domains),
        php_guarded("mailboxes.php", mailboxes),
        php_guarded("forwards.php", forwards),
        php_guarded("databases.php", databases),
        php_guarded("payments.php", payments),
        php_guarded("sessions.php", sessions),
        php_guarded("audit.php", audit),
    ]


def make_plans() -> dict[str, Record]:
    return {
        "mini": {"name": "Mini", "price": 1.99, "disk_mb": 1000, "mailboxes": 3, "features": ["php"]},
        "personal": {"name": "Personal", "price": 3.9, "disk_mb": 10000, "mailboxes": 20, "features": ["php", "mysql"]},
        "business": {
            "name": "Business",
            "price": 9.9,
            "disk_mb": 50000,
            "mailboxes": 100,
            "features": ["php", "mysql", "ssh", "cron"],
        },
        "reseller": {
            "name": "Reseller",
            "price": 24,
            "disk_mb": 200000,
            "mailboxes": 1000,
            "features": ["php", "mysql", "ssh", "cron", "white label"],
        },
        "legacy-2009": {"name": "Start 2009", "price": 2.5, "disk_mb": 500, "mailboxes": 5, "features": []},
    }


def make_accounts(w: Words) -> dict[str, Record]:
    accounts: dict[str, Record] = {}
    resellers: list[str] = []
    for n in range(95):
        name = w.person()
        user = w.username()
        resells = n in (0, 3, 4, 9, 14)
        limits = {"cron": w.number(0, 10), "ftp": w.number(1, 20), "mysql": w.number(0, 30)}
        created = w.unix()
        accounts[user] = {
            "email": w.email(name),
            "password": w.bcrypt(),
            "plan": "reseller" if resells else w.some(["mini", "personal", "personal", "personal", "business"]),
            "reseller": w.some(resellers) if len(resellers) > 2 and not resells and w.chance(0.35) else None,
            "contact": {"name": name, "phone": w.maybe(w.phone(), 0.8, "")},
            "limits": limits,
            "suspended": int(w.chance(0.05)),
            "created": created,
            "last_login": created + w.number(100, 20_000_000) if w.chance(0.93) else 0,
        }
        if resells:
            resellers.append(user)
    return accounts


def make_servers(w: Words) -> list[Record]:
    return [
        {
            "hostname": f"{name}.webnest.example",
            "ip": w.ip(),
            "role": name.partition(".")[0].rstrip("1235"),
            "os": w.some(["Debian 11", "Debian 12", "Ubuntu 22.04"]),
            "cores": w.some([4, 8, 16, 32]),
        }
        for name in SERVERS
    ]


def make_domains(w: Words, users: list[str], web: list[str]) -> list[Record]:
    domains: list[Record] = []
    for _ in range(140):
        name = w.fresh(lambda: slug(w.words(1, 2)) + w.some([".com", ".org", ".net", ".eu", ".de"]))
        domains.append(
            {
                "domain": name,
                "owner": "gone_user" if len(domains) == 77 else w.skewed(users, 1.8),
                "server": w.some(web),
                "alias_of": w.some(domains)["domain"] if len(domains) > 20 and w.chance(0.15) else None,
                "registrar": w.some(["nicwest", "nicwest", "eurodom", "extern"]),
                "expires": w.iso_day(),
                "autorenew": w.chance(0.85),
                "ssl": {"issuer": w.some(["R3", "R10", "E5"]), "until": w.unix()} if w.chance(0.8) else None,
            }
        )
    return domains


def make_mailboxes(w: Words, names: list[str]) -> list[Record]:
    mailboxes = []
    for _ in range(220):
        domain = w.skewed(names, 1.8)
        address = address_at(w, domain)
        if "'" in address or " " in address:
            continue
        mailboxes.append(
            {
                "address": address,
                "domain": domain,
                "password": w.bcrypt(),
                "quota_mb": w.some([500, 1000, 2000, 5000]),
                "created": w.unix(),
            }
        )
    return mailboxes


def make_forwards(w: Words, names: list[str]) -> list[Record]:
    return [
        {
            "id": w.uniqid(),
            "domain": w.skewed(names, 1.8),
            "local": w.some(["*", "info", "kontakt", "sales", "abuse", w.first().lower()]),
            "target": w.email(),
            "active": int(w.chance(0.9)),
        }
        for _ in range(80)
    ]


def make_databases(w: Words, users: list[str], hosts: list[str]) -> list[Record]:
    databases = []
    for n in sorted(w.few(range(1, 150), 105, 105)):
        owner = w.skewed(users, 1.8)
        databases.append(
            {
                "id": n,
                "name": f"{owner.replace('.', '_')}_db{n % 7}",
                "owner": owner,
                "host": w.some(hosts),
                "engine": w.some(["mariadb", "mariadb", "postgres"]),
                "size_mb": round(w.random.uniform(0.3, 900), 2),
            }
        )
    return databases


def make_payments(w: Words, plans: dict[str, Record], accounts: dict[str, Record], users: list[str]) -> list[Record]:
    payments = []
    for n in sorted(w.few(range(5000, 5420), 330, 330)):
        user = w.skewed(users, 1.8)
        plan = accounts[user]["plan"] if w.chance(0.85) else w.some(["mini", "legacy-2009", "personal"])
        months = w.some([1, 3, 12, 12])
        payments.append(
            {
                "id": n,
                "account": user,
                "plan": plan,
                "months": months,
                "amount": round(plans[plan]["price"] * months, 2),
                "method": w.some(["sepa", "card", "paypal"]),
                "paid": w.maybe(w.sql_time(), 0.95),
            }
        )
    return payments


def make_sessions(w: Words, users: list[str]) -> list[Record]:
    sessions = []
    for _ in range(60):
        started = w.unix()
        sessions.append(
            {
                "token": w.sha1(),
                "username": w.skewed(users, 1.8),
                "ip": w.ip(),
                "agent": w.some(["Firefox/118", "Chrome/117", "Safari/16"]),
                "started": started,
                "expires": started + 86_400,
            }
        )
    return sessions


def make_audit(
    w: Words, users: list[str], names: list[str], mailboxes: list[Record], databases: list[Record]
) -> list[Record]:
    audit = []
    for n in range(1, 261):
        kind = w.some(["domain", "mailbox", "account", "database"])
        target = {
            "domain": lambda: w.some(names),
            "mailbox": lambda: w.some(mailboxes)["address"],
            "account": lambda: w.some(users),
            "database": lambda: str(w.some(databases)["id"]),
        }[kind]()
        audit.append(
            {
                "id": n,
                "at": w.unix(),
                "actor": w.skewed(users, 1.8) if w.chance(0.95) else None,
                "action": w.some(["create", "update", "update", "delete", "login as"]),
                "object_type": kind,
                "object": target,
                "ip": w.ip(),
            }
        )
    return audit
