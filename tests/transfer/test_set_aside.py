"""Records that were set aside: written again by export, in their places and byte for byte, and not twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from site_of_files import Site, told

from outgrow import steps

PLAN = """version = 1
[tables.people]
source = "people.{ending}"
class = "Person"
key = ["id"]
columns.id = {{ field = "id", type = "integer" }}
columns.name = {{ field = "name", type = "string(5)" }}
"""
FORMS: dict[str, tuple[str, str | bytes]] = {
    "a list on one line": (
        "json",
        '[{"id":1,"name":"much too long"},{"id":2,"name":"ann"},7,{"id":3,"name":"x y z q"}]',
    ),
    "a list by hand": (
        "json",
        '[ {"id":1, "name":"ann"},\n  {"id":2,"name" : "much too long"} ,\n\n   8,{"id":3,"name":"bob"}\n]\n',
    ),
    "a list with broken bytes": (
        "json",
        b'[{"id":1,"name":"a"},{"id":2,"name":"\xff"}, {"id":3,"name":"\xfe"},\n{"id":4, "name":"b"}]',
    ),
    "nothing but what is set aside": (
        "json",
        '[{"id":1,"name":"much too long"},\n{"id":2,"name":"as long as this"}]',
    ),
    "a map": ("json", '{"a":{"id":1,"name":"ann"},"b":{"id":2,"name":"much too long"},"c":{"id":3,"name":"bob"}}'),
    "a map with broken bytes": (
        "json",
        b'{"a":{"id":1,"name":"ann"},"b":{"id":2,"name":"\xff"},"c":{"id":3,"name":"bob"}}',
    ),
    "lines": (
        "ndjson",
        '{"id":1,"name":"ann"}\nno json\n\n{"id":2,"name":"much too long"}\n{"id":3,"name":"bob"}\n',
    ),
    "lines that begin and end badly": ("ndjson", 'no json\n{"id":1,"name":"ann"}\n{"id":2,"name":"bob"}\n{"id":'),
    "rows": ("csv", "id,name\n1,ann\n2,much too long\n4,cy\n5,d\n"),
    "rows with odd quotes": ("csv", 'id,name\n1,"ann"\n2,bob\n"3",cy\n4,\'much too long\'\n'),
    "rows with broken bytes": ("csv", "id,name\n1,ann\n2,\u043f\u0440\u043e\n3,x\n".encode() + b"4,\xff\xfe\n5,b\n"),
    "serialize": (
        "ser",
        'a:3:{i:0;a:2:{s:2:"id";i:1;s:4:"name";s:3:"ann";}i:1;i:7;i:2;a:2:{s:2:"id";i:2;s:4:"name";s:9:"much long";}}',
    ),
    "var_export": (
        "php",
        (
            "<?php return array (\n  0 => \n  array (\n    'id' => 1,\n    'name' => 'ann',\n  ),\n"
            "  1 => \n  array (\n    'id' => 2,\n    'name' => 'much too long',\n  ),\n);\n"
        ),
    ),
}


def convert(site: Site, form: str) -> tuple[str, bytes]:
    """Convert a form by a plan that doesn't fit all of its records; returns the file and its bytes."""
    ending, text = FORMS[form]
    data = text if isinstance(text, bytes) else text.encode()
    key = ', columns.key = { from = "key", type = "string(9)" }'
    plan = PLAN.format(ending=ending) + (key[2:] + "\n" if data.startswith(b'{"a"') else "")
    conversion = site.convert({f"people.{ending}": data}, lambda _: plan)
    assert conversion.reject_count
    assert conversion.verified, conversion.findings
    return f"people.{ending}", data


@pytest.mark.parametrize("form", FORMS)
def test_a_file_comes_back_byte_for_byte_with_what_was_set_aside(site: Site, form: str) -> None:
    path, data = convert(site, form)
    assert site.export()[path] == data
    site.take_source_away()
    assert site.export()[path] == data


@pytest.mark.parametrize("form", ["a list by hand", "lines", "rows", "a list with broken bytes"])
def test_what_was_set_aside_stays_when_its_neighbours_go(site: Site, form: str) -> None:
    path, data = convert(site, form)
    kept = [row[0] for row in site.sql("SELECT id FROM people")]
    for key in kept:
        site.sql("DELETE FROM people WHERE id = ?", key)
        site.note_change("delete", "people", key)
    left = site.export()[path]
    assert not any(name in left for name in (b"ann", b"bob", b"cy"))
    for text in (b"much too long", b"no json", b"\xff", b"\xfe"):
        assert (text in data) == (text in left)
    if path.endswith(".json") and b"\xff" not in data:
        assert json.loads(left) == [{"id": 2, "name": "much too long"}, 8]


def test_a_record_that_the_app_has_a_row_for_by_now_is_not_written_twice(site: Site) -> None:
    path, _ = convert(site, "a list by hand")
    site.sql("INSERT INTO people (id, name) VALUES (2, 'short')")
    site.note_change("insert", "people", 2)
    written = json.loads(site.export()[path])
    assert [each for each in written if each != 8] == [
        {"id": 1, "name": "ann"},
        {"id": 2, "name": "short"},
        {"id": 3, "name": "bob"},
    ]
    told_by_export = [told(finding) for finding in steps.export(site.app, site.root / "out").findings]
    assert told_by_export == [
        "1 record of people set aside: written as in the files",
        "1 record of people set aside: the app has rows for them by now",
    ]


def test_a_record_that_was_mended_in_its_file_is_loaded_and_written_once(site: Site) -> None:
    path, data = convert(site, "rows")
    mended = data.replace(b"2,much too long", b"2,short")
    (site.data / path).write_bytes(mended)
    steps.load(site.app)
    assert site.sql("SELECT name FROM people WHERE id = 2") == [("short",)]
    assert site.export()[path] == mended


SECRET = "hunter2-is-no-password"


def test_a_secret_that_was_set_aside_is_sealed(site: Site) -> None:
    text = json.dumps([{"id": 1, "name": "ann", "token": SECRET}, {"id": 2, "name": "much too long", "token": SECRET}])
    plan = PLAN.format(ending="json") + 'columns.token = { field = "token", type = "text", secret = "token" }\n'
    assert site.convert({"people.json": text}, lambda _: plan).reject_count == 1
    ledger = "\n".join(line for line in site.dump() if line.startswith('INSERT INTO "outgrow_'))
    assert SECRET not in ledger
    assert site.export()["people.json"] == text.encode()
    _forget_key(site.app)
    assert json.loads(site.export()["people.json"]) == json.loads(text)[:1]
    found = [told(finding) for finding in steps.export(site.app, site.root / "out").findings]
    assert any("1 record of people set aside: not written" in line for line in found)


def test_a_plain_password_is_gone_also_where_its_record_was_set_aside(site: Site) -> None:
    people = [{"id": n, "name": name, "password": SECRET} for n, name in ((1, "ann"), (2, "much too long"), (3, "bob"))]
    text, column = json.dumps([*people, [SECRET]]), '{ field = "password", type = "text", secret = "password" }'
    plan = PLAN.format(ending="json") + f"columns.password = {column}\n"
    assert site.convert({"people.json": text}, lambda _: plan).reject_count == 2
    written = site.export()["people.json"].decode()
    assert SECRET not in written
    assert SECRET not in "\n".join(site.dump())
    accounts = json.loads(written)
    assert [each["name"] for each in accounts] == ["ann", "much too long", "bob"]
    assert accounts[1]["password"].startswith("$argon2id$")


def _accounts(site: Site, path: str, *between: str) -> tuple[str, bytes]:
    """Convert two accounts with something between them; returns the text that is written for it, and the ledger's."""
    first, second = (json.dumps({"id": n, "name": "ann", "password": SECRET}) for n in (1, 2))
    column = 'columns.password = { field = "password", type = "text", secret = "password" }\n'
    texts = {
        "json": f"[{first},{','.join(between)},{second}]",
        "ndjson": "\n".join([first, *between, second, ""]),
        "ser": "a:3:{"
        + "".join(
            f'i:{place};a:3:{{s:2:"id";i:{place};s:4:"name";s:3:"ann";s:8:"password";s:22:"{SECRET}";}}{more}'
            for place, more in ((0, f"i:1;{between[0]}"), (2, ""))
        )
        + "}",
    }
    account = f"array('id' => 1, 'name' => 'ann', 'password' => '{SECRET}')"
    texts["php"] = f"<?php return array(0 => {account}, 1 => {between[0]}, 2 => {account.replace('1', '2')});"
    ending = path.partition(".")[2]
    site.convert({path: texts[ending]}, lambda _: PLAN.format(ending=ending) + column)
    return site.export()[path].decode(), json.dumps(site.dump())


@pytest.mark.parametrize(
    ("path", "between"),
    [
        ("people.json", ("null",)),
        ("people.json", ('"deleted"',)),
        ("people.json", ("null", "7", '"removed by admin"', "false")),
        ("people.ndjson", ('"deleted"',)),
        ("people.ser", ("N;",)),
        ("people.ser", ('s:7:"deleted";',)),
        ("people.php", ("NULL",)),
        ("people.php", ("'deleted'",)),
    ],
)
def test_what_is_no_account_is_written_again_among_accounts(site: Site, path: str, between: tuple[str, ...]) -> None:
    text, ledger = _accounts(site, path, *between)
    assert all(each in text for each in between)
    assert SECRET not in text + ledger
    assert not any("set aside" in finding.message for finding in site.verify().findings)


@pytest.mark.parametrize("between", [f'"ann:{SECRET}"', f'["{SECRET}"]', f'[{{"password":"{SECRET}"}}]', f'"{SECRET}"'])
def test_what_may_be_a_password_is_not_kept_and_verify_says_so(site: Site, between: str) -> None:
    text, ledger = _accounts(site, "people.json", between)
    assert SECRET not in text + ledger
    [found] = map(told, site.verify().findings)
    assert found.startswith("people.json: 1 record of people set aside: export can't write it")
    assert found.endswith("it may hold a password in plain text")


def test_a_record_set_aside_hides_no_password_where_the_plan_looks_for_none(site: Site) -> None:
    people = [{"id": n, "name": "ann", "password": SECRET} for n in (1, 2)]
    odd = {"id": 3, "name": "much too long", "password": SECRET, "before": [{"password": SECRET}]}
    plan = (
        PLAN.format(ending="json") + 'columns.password = { field = "password", type = "text", secret = "password" }\n'
    )
    assert site.convert({"people.json": json.dumps([*people, odd])}, lambda _: plan).reject_count == 1
    assert SECRET not in site.export()["people.json"].decode() + json.dumps(site.dump())
    assert any("may hold a password" in finding.message for finding in site.verify().findings)


def test_rejects_show_no_password_whatever_the_file_is_written_in(site: Site) -> None:
    lines = [f's:8:"password";s:22:"{SECRET}";' for _ in range(4)]
    texts = [f'a:3:{{s:2:"id";i:{n};s:4:"name";s:3:"ann";{line}}}' for n, line in enumerate(lines)]
    texts[2] = texts[2].replace("s:3:", "s:9:")
    rows = b"id,name,password\n" + b"".join(b"%d,n\xd0\xbf,%s\n" % (n, SECRET.encode()) for n in range(300))
    files = {"users.txt": "\n".join(texts) + "\n", "people.csv": rows + b"900,\xff\xfe,%s\n" % SECRET.encode()}
    assert site.convert(files).reject_count == 2
    rejects = site.rejects("users") + site.rejects("people")
    assert [reject["record"] for reject in rejects] == ["********", "********"]
    assert not any(SECRET.encode() in text for text in site.export().values())


def _forget_key(app: Path) -> None:
    lines = (app / ".env").read_text().splitlines(keepends=True)
    (app / ".env").write_text("".join(line for line in lines if not line.startswith("LEDGER_KEY")))
