"""Counting different values, and seeing whether one came twice, however integers lie."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outgrow.schema.distinct import DistinctValues

FAR_APART = random.Random(1).sample(range(9_780_000_000_000, 9_799_999_999_999), 300)
INTEGERS = st.lists(st.integers(0, 60) | st.sampled_from(FAR_APART), max_size=160)
BATCHES = st.lists(st.tuples(st.sampled_from(["integers", "digits", "texts"]), INTEGERS), max_size=5)


def count(values, batches):
    for kind, integers in batches:
        if kind == "integers" and integers:
            values.add_integers(integers)
        elif integers:
            values.add_texts([f"n{n}" if kind == "texts" and n % 2 else str(n) for n in integers])
    return values


def truth(batches):
    """All values; one that is a canonical integer is the same as text."""
    return [f"n{n}" if kind == "texts" and n % 2 else str(n) for kind, integers in batches for n in integers]


@pytest.mark.parametrize("spell", [int, str], ids=["numbers", "digits"])
def test_numbers_far_apart_are_unique_until_one_comes_twice(spell):
    values = DistinctValues()
    add = values.add_integers if spell is int else values.add_texts
    add([spell(n) for n in FAR_APART[:150]])
    assert (values.is_unique(), values.count()) == (True, 150)
    add([spell(n) for n in FAR_APART[150:]])
    assert (values.is_unique(), values.count()) == (True, 300)
    add([spell(FAR_APART[7])])
    assert not values.is_unique()


@given(BATCHES)
def test_a_repetition_is_seen_in_whatever_batches_values_come(batches):
    expected = truth(batches)
    values = count(DistinctValues(exact=True), batches)
    assert values.is_unique() == (len(set(expected)) == len(expected))
    assert values.count() == len(set(expected))


@given(BATCHES, BATCHES)
def test_two_counts_merge_into_the_count_of_all(first, second):
    expected = truth([*first, *second])
    values = count(DistinctValues(exact=True), first)
    values.merge(count(DistinctValues(exact=True), second))
    assert values.is_unique() == (len(set(expected)) == len(expected))
    assert values.count() == len(set(expected))
