"""Media stay where they are: the ledger lists them, and export says that it doesn't write them."""

from __future__ import annotations

import hashlib
import json

from site_of_files import Site, told

from outgrow import steps

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(1_500)


def test_the_ledger_lists_media_with_size_and_hash(site: Site) -> None:
    site.convert({"posts.json": '[{"id":1,"image":"img/a.png"}]', "img/a.png": PICTURE})
    ((listed,),) = site.sql("SELECT value FROM outgrow_meta WHERE name = 'media'")
    assert json.loads(listed) == {"img/a.png": [len(PICTURE), hashlib.sha256(PICTURE).hexdigest()]}


def test_export_says_which_media_it_leaves(site: Site) -> None:
    site.convert({"posts.json": '[{"id":1,"image":"img/a.png"}]', "img/a.png": PICTURE})
    assert [told(finding) for finding in steps.export(site.app, site.root / "back").findings] == [
        "img/a.png: 1 file that is no text (1.5 kB) is not written: copy it from the data folder"
    ]


def test_inspect_counts_media_and_how_large_they_are(site: Site) -> None:
    site.convert({"posts.json": '[{"id":1}]', "img/a.png": PICTURE, "img/b.png": PICTURE})
    said = [told(finding) for finding in steps.inspect(site.data).findings]
    assert any("2 files (2 .png, 3.0 kB): no text" in line for line in said)


def test_texts_that_only_look_like_paths_of_media_are_no_finding(site: Site) -> None:
    said = site.convert(
        {"posts.json": '[{"id":1,"image":"http://elsewhere.org/x.png"}]', "img/a.png": PICTURE}
    ).findings
    assert not any("says the path" in finding.message for finding in said)
