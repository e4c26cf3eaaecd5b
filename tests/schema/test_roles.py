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


def test_companies_play_the_roles_of_companies_and_people_those_of_people():
    firms = [{"organisation_id": n, "name": f"Firm {n}"} for n in range(1, 12)]
    staff = [{"researcher_id": n, "name": f"R {n}"} for n in range(1, 12)]
    grants = [{"id": n, "funder_id": n % 11 + 1, "principal_investigator_id": n * 7 % 11 + 1} for n in range(1, 60)]
    assert pairs(plan(organisations=firms, researchers=staff, grants=grants)) == {
        "grants.funder_id > organisations.organisation_id",
        "grants.principal_investigator_id > researchers.researcher_id",
    }


@pytest.mark.parametrize("name", ["max_students", "num_students", "free_students", "student_count", "weight_mm"])
def test_numbers_of_people_and_their_units_are_no_references(name):
    students = [{"id": n, "name": f"s{n}", "email": f"s{n}@example.org"} for n in range(1, 31)]
    made = plan(students=students, courses=[{"id": n, name: n % 20 + 5} for n in range(1, 40)])
    assert pairs(made) == set()


def test_who_wins_is_one_of_the_two_who_play():
    players = [{"id": n, "name": f"p{n}"} for n in range(1, 12)]
    games = []
    for n in range(1, 60):
        white, black = n % 11 + 1, (n * 3 + 1) % 11 + 1
        if white != black:
            games.append({"id": n, "white": white, "black": black, "winner": (white, black, None)[n % 3]})
    found = pairs(plan(players=players, games=games))
    assert found == {f"games.{name}_id > players.id" for name in ("white", "black", "winner")}


def test_a_table_that_is_called_one_is_called_by_what_it_holds():
    cabins = [{"cabin": n, "counselor_id": n % 8 + 1} for n in range(1, 30)]
    staff = [{"staff_id": n, "surname": f"s{n}"} for n in range(1, 9)]
    assert pairs(plan(tblStaff=staff, tblCabin=cabins)) == {"tbl_cabin.counselor_id > tbl_staff.staff_id"}


def test_two_references_to_one_table_s_key_are_no_copies_of_each_other():
    tickets = [{"ticket_id": 3000 + n, "subject": f"t{n}"} for n in range(1, 90)]
    rows = [{"ticket_id": 3000 + n, "related_ticket_id": 3000 + n * 5 % 80 + 1} for n in range(1, 40)]
    assert pairs(plan(tickets=tickets, related_tickets=rows)) == {
        "related_tickets.ticket_id > tickets.ticket_id", "related_tickets.related_ticket_id > tickets.ticket_id",
    }  # fmt: skip


PLACES = [{"aisle": a, "bay": b, "level": c} for a in "ABCD" for b in range(1, 9) for c in (1, 2, 3) if (b + c) % 4]


def test_columns_with_a_role_in_front_refer_together():
    bins = [{**place, "holds_kg": 100} for place in PLACES]
    rows = [{"id": n, **{f"put_{k}": v for k, v in PLACES[n % 60].items()}} for n in range(90)]
    assert pairs(plan(locations=bins, receipts=rows)) == {
        "receipts.put_aisle+put_bay+put_level > locations.aisle+bay+level"
    }


def test_where_each_refers_by_itself_a_mere_list_of_pairs_is_not_what_they_refer_to():
    rivers = [{"name": f"River {n}", "length": n} for n in range(1, 12)]
    countries = [{"code": f"C{n}", "name": f"Country {n}"} for n in range(1, 9)]
    pair = [{"river": f"River {r}", "country": f"C{c}"} for r in range(1, 12) for c in range(1, 9) if (r + c) % 3]
    cities = [{"id": n, **pair[n % len(pair)], "people": n} for n in range(1, 40)]
    found = pairs(plan(rivers=rivers, countries=countries, flows_through=pair, cities=cities))
    assert {each.partition(" > ")[2] for each in found if each.startswith("cities")} == {
        "rivers.name",
        "countries.code",
    }
