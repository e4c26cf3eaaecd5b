"""Whatever becomes of a store's bytes: it is read, set aside or refused with a reason; no traceback, no hang."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path, PurePosixPath

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torture.stores import TOKENS, read_all, seeds, splice

from outgrow.cli import main

STORES = seeds()
PIECES = st.binary(max_size=4) | st.sampled_from(TOKENS)
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES), min_size=1, max_size=6)
SUFFIXES = sorted({"".join(PurePosixPath(name).suffixes) for name, _ in STORES})


def bounded(examples: int) -> settings:
    """The same examples each time, each within five seconds; `make torture` has others."""
    return settings(max_examples=examples, deadline=5_000, derandomize=True, suppress_health_check=list(HealthCheck))


def put(folder: Path, name: str, data: bytes) -> Path:
    """Write a store below a folder that holds nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    file = folder / name
    file.parent.mkdir(parents=True)
    file.write_bytes(data)
    return folder


@bounded(400)
@given(store=st.sampled_from(STORES), changes=CHANGES, salvage=st.booleans())
def test_a_changed_store_is_read_set_aside_or_refused(
    store: tuple[str, bytes], changes: list[tuple[float, int, bytes]], salvage: bool
) -> None:
    name, data = store
    for place, length, piece in changes:
        data = splice(data, place, length, piece)
    with tempfile.TemporaryDirectory() as folder:
        read_all(put(Path(folder) / "data", name, data), salvage=salvage)


@bounded(150)
@given(
    suffix=st.sampled_from(SUFFIXES),
    data=st.binary(max_size=200) | st.lists(st.sampled_from(TOKENS), max_size=20).map(b"".join),
    salvage=st.booleans(),
)
def test_noise_is_read_set_aside_or_refused(suffix: str, data: bytes, salvage: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        read_all(put(Path(folder) / "data", f"x{suffix}", data), salvage=salvage)


@pytest.mark.parametrize(("name", "data"), STORES, ids=[f"{n}-{name}" for n, (name, _) in enumerate(STORES)])
def test_a_store_that_is_cut_off_is_read_set_aside_or_refused(name: str, data: bytes, tmp_path: Path) -> None:
    for end in {0, 1, len(data) // 3, 2 * len(data) // 3, len(data) - 1}:
        read_all(put(tmp_path / "data", name, data[:end]), salvage=bool(end % 2))


@bounded(8)
@given(store=st.sampled_from(STORES), changes=CHANGES)
def test_a_conversion_of_a_changed_store_ends_with_a_message(
    store: tuple[str, bytes], changes: list[tuple[float, int, bytes]]
) -> None:
    name, data = store
    for place, length, piece in changes:
        data = splice(data, place, length, piece)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        done = CliRunner().invoke(main, ["convert", str(put(here / "data", name, data)), str(here / "app")])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        assert done.exit_code in (0, 1, 3)
        assert done.exit_code == 0 or done.stderr
