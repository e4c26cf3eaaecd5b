"""What the key in a map is called, which has no name in the file."""

import pytest

from outgrow.schema.key_names import name_key
from outgrow.schema.profile import FieldProfile


def profile(*keys):
    made = FieldProfile("")
    made.add(list(keys))
    return made


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        (("kyiv-in-winter", "about", "blog/first-post"), "slug"),
        (("DYN", "KRY", "R-1001"), "code"),
        (("2023-001", "2023-002"), "code"),
        (("65a1f0c2b3d4e", "65a1f0c2b3d4f"), "id"),
        (("507f1f77bcf86cd799439011",), "id"),
        (("0b9e7c1e-6a4f-4f7e-9d0c-1d1f5a3f3c11",), "id"),
        (("ann@example.com", "bob@example.org"), "email"),
        (("2024-01-31", "2024-02-29"), "date"),
        (("Cardiology", "General Surgery", "Ёлка"), "name"),
        (("README", "first-post"), "slug"),
    ],
)
def test_a_key_is_called_after_what_it_looks_like(keys, name):
    assert name_key(profile(*keys), (), account=False) == name


@pytest.mark.parametrize(("keys", "name"), [(("ann", "Bob"), "username"), (("a@x.org", "b@x.org"), "email")])
def test_accounts_have_user_names_unless_their_keys_are_something_else(keys, name):
    assert name_key(profile(*keys), (), account=True) == name


def test_a_name_that_a_field_has_is_left_to_it():
    assert name_key(profile("a-b", "c-d"), {"slug"}, account=False) == "key"
    assert name_key(profile("65a1f0c2b3d4e"), {"id"}, account=False) == "uid"
