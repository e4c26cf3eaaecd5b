"""Columns named by what a person is to the record: whose table they refer to."""

import pytest
from made_profiles import pairs, plan, profile

AGENTS = [{"id": n, "name": f"Agent {n}", "phone": f"555-{n:04}"} for n in range(1, 9)]
INQUIRIES = [{"id": n, "email": f"x{n}@example.org", "text": "?"} for n in range(1, 30)]


def test_a_role_is_filled_from_those_named_as_people_sooner_than_from_what_has_addresses():
    offices = [{"id": n, "city": f"c{n}", "manager": n % 4 + 1} for n in range(1, 9)]
    assert pairs(plan(agents=AGENTS, inquiries=INQUIRIES, offices=offices)) == {"offices.manager_id > agents.id"}


def test_what_was_done_by_somebody_refers_to_those_who_do_it():
    waiters = [{"WaiterId": n, "Name": f"W{n}"} for n in range(1, 9)]
    tables = [{"TableNo": n, "Seats": n % 4 + 2, "ServedBy": n % 8 + 1} for n in range(1, 20)]
    assert pairs(plan(waiters=waiters, tables=tables)) == {"tables.served_by_id > waiters.waiter_id"}


@pytest.mark.parametrize(
    ("table", "key", "columns"),
    [
        ("mitglieder", "mitglied_nr", ["leiter", "erstellt_von"]),
        ("utilisateurs", "id", ["auteur", "cree_par"]),
        ("usuarios", "id", ["responsable", "creado_por"]),
        ("utenti", "id", ["autore", "creato_da"]),
        ("leden", "lid_nr", ["eigenaar", "gemaakt_door"]),
    ],
)
def test_roles_of_people_are_known_in_other_languages_too(table, key, columns):
    people = [{key: 10 + 3 * n, "email": f"p{n}@example.org"} for n in range(1, 30)]
    rows = [
        {"id": n, **{name: 13 + 3 * (n * (7 + place) % 25) for place, name in enumerate(columns)}} for n in range(40)
    ]
    made = pairs(plan(**{table: people, "things": rows}))
    assert {pair.partition(" > ")[2] for pair in made} == {f"{table}.{key}"}
    assert len(made) == len(columns)


def test_codes_of_digits_and_a_point_are_texts_once_something_refers_to_them():
    rooms = [{"room": f"{floor}.{door}", "title": f"t{floor}{door}"} for floor in range(3) for door in range(1, 12)]
    works = [{"id": str(n), "room": rooms[n % 30]["room"], "height": f"{n}.{n % 10}"} for n in range(1, 90)]
    told = {"rooms": profile("rooms", rooms, textual=True), "works": profile("works", works, textual=True)}
    found = plan(**told)
    assert found.by_name["rooms"].primary_key == ("room",)
    assert pairs(found) == {"works.room_id > rooms.room"}
    types = {name: found.by_name["works"].by_name[name].type.name for name in ("room_id", "height")}
    assert types == {"room_id": "string", "height": "decimal"}
    assert found.by_name["rooms"].by_name["room"].type.name == "string"
