"""Files that were kept as they are, for they couldn't be read: once they are mended, a load takes them in."""

from __future__ import annotations

from site_of_files import Site, told

from outgrow import steps


def order(number: int, customer: str) -> str:
    return f'a:2:{{s:6:"number";i:{number};s:8:"customer";s:{len(customer)}:"{customer}";}}'


WHOLE = {f"orders/{number}.ser": order(number, name) for number, name in enumerate(("ann", "bob", "cy", "dan"), 1001)}
MENDED = "orders/1004.ser"
BROKEN = WHOLE | {MENDED: WHOLE[MENDED][:-9]}
NUMBERS = [(1001,), (1002,), (1003,), (1004,)]


def numbers(site: Site) -> list[tuple[int]]:
    return site.sql("SELECT number FROM orders ORDER BY 1")


def mend(site: Site) -> None:
    (site.data / MENDED).write_text(WHOLE[MENDED])


def test_a_broken_file_stays_as_it_is_while_nobody_mends_it(site: Site) -> None:
    assert site.convert(BROKEN).verified
    assert steps.load(site.app).verified
    assert numbers(site) == NUMBERS[:3]
    assert site.export() == {path: text.encode() for path, text in BROKEN.items()}


def test_verify_says_that_a_mended_file_is_not_the_one_that_was_kept(site: Site) -> None:
    site.convert(BROKEN)
    mend(site)
    assert site.errors() == [f"{MENDED}: has changed since it was loaded; `outgrow load` takes the files' changes in"]


def test_a_load_takes_a_mended_file_in(site: Site) -> None:
    site.convert(BROKEN)
    mend(site)
    done = steps.load(site.app)
    assert done.verified, list(map(told, done.findings))
    assert numbers(site) == NUMBERS
    assert site.errors() == []
    assert site.export() == {path: text.encode() for path, text in WHOLE.items()}


def test_a_kept_file_that_changes_and_belongs_to_no_table_is_kept_as_it_is_now(site: Site) -> None:
    notes = "settings.ser"
    site.convert(WHOLE | {notes: order(7, "eve")[:-9]})
    (site.data / notes).write_text(order(8, "eve"))
    assert steps.load(site.app).verified
    assert site.export()[notes] == order(8, "eve").encode()


def test_verify_names_a_file_whose_records_were_never_loaded(site: Site) -> None:
    site.convert(WHOLE)
    [[file]] = site.sql("SELECT id FROM outgrow_files WHERE path = ?", MENDED)
    [[part]] = site.sql("SELECT id FROM outgrow_parts WHERE file_id = ?", file)
    site.sql("DELETE FROM outgrow_chunks WHERE part_id = ?", part)
    site.sql("DELETE FROM outgrow_parts WHERE id = ?", part)
    site.sql("DELETE FROM orders WHERE number = 1004")
    site.note_change("delete", "orders", "1004")
    assert f"{MENDED}: its records are not in the database, though orders/* is in the plan" in site.errors()
