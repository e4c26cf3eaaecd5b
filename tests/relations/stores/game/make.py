"""A browser game in PHP: a file per player, guilds by tag, an inventory with slots, battles between players."""

from store_files import File, each, php
from store_words import Words


def make(w: Words) -> list[File]:
    items = [
        {
            "item_id": f"itm_{w.hex(4)}{n}",
            "name": w.title(),
            "kind": w.some(["sword", "shield", "potion"]),
            "damage": w.number(0, 90),
            "rarity": w.number(1, 5),
        }
        for n in range(40)
    ]
    names = [w.username() for _ in range(55)]
    tags = ["WOLF", "IRON", "SEA", "OAK", "FOX"]
    players = {
        name: {
            "email": w.email(),
            "pwhash": w.bcrypt(),
            "level": w.number(1, 60),
            "gold": w.number(0, 90_000),
            "guild": w.some(tags) if w.chance(0.7) else None,
            "stats": {"str": w.number(1, 20), "dex": w.number(1, 20), "hp": w.number(20, 400)},
            "inventory": [
                {"item": w.some(items)["item_id"], "slot": slot, "count": w.number(1, 9)}
                for slot in range(w.number(0, 6))
            ],
            "friends": w.few([n for n in names if n != name], 5),
            "last_login": w.unix(),
        }
        for name in names
    }
    guilds = {
        tag: {
            "name": w.name(),
            "leader": w.some(names),
            "founded": w.iso_day(),
            "motto": w.maybe(w.sentence(), 0.7, ""),
        }
        for tag in tags
    }
    battles = [
        {
            "id": n,
            "attacker": w.some(names),
            "defender": w.some(names),
            "winner": w.some(names),
            "rounds": w.number(1, 12),
            "loot": w.some(items)["item_id"] if w.chance(0.4) else None,
            "fought": w.unix(),
        }
        for n in range(1, 161)
    ]
    trades = [
        {
            "id": w.uniqid(),
            "seller": w.some(names),
            "buyer": w.some(names),
            "item_id": w.some(items)["item_id"],
            "price": w.number(5, 900),
            "done": w.unix(),
        }
        for _ in range(70)
    ]
    trades[9]["seller"] = "banned_cheater"
    return [
        php("items.json", items),
        php("guilds.json", guilds),
        php("battles.json", battles),
        php("trades.json", trades),
        *each("players", players, "php"),
    ]
