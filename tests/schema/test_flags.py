"""What is true or false, whichever way it is written."""

import pytest
from made_profiles import column
from test_written import there_and_back


@pytest.mark.parametrize(
    ("name", "values", "form"),
    [
        ("active", [1, 0, 1], "1/0"),
        ("is_admin", [0, 0, 0], "1/0"),
        ("newsletter", ["1", "0", ""], "1/0"),
        ("bezahlt", ["ja", "nein", "ja"], "ja/nein"),
        ("roof", ["yes", "no", "no"], "yes/no"),
        ("Smoking", ["Yes", "No", "No"], "Yes/No"),
        ("answer", ["Y", "N", "Y"], "Y/N"),
        ("verified", ["t", "f", "t"], "t/f"),
        ("published", ["on", "on", "on"], "on/off"),
        ("verified", ["no", "no", "no"], "yes/no"),
    ],
)
def test_flags_are_true_or_false_and_come_back_as_they_were(name, values, form):
    made = column(values, name)
    assert (made.type.name, made.format) == ("boolean", form)
    there_and_back(values, name)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("likes", [1, 0, 1]),
        ("level", [0, 0, 1]),
        ("active", [1, 0, 2]),
        ("kind", ["t", "f", "t"]),
        ("reply", ["yes", "yes", "yes"]),
        ("answer", ["yes", "No", "no"]),
        ("children", ["1", "0", "1"]),
    ],
)
def test_numbers_and_words_that_may_be_something_else_stay_what_they_are(name, values):
    assert column(values, name).type.name != "boolean"


def test_a_flag_of_a_spreadsheet_s_file_has_a_default_too():
    made = column(["yes"] * 60 + ["no"], "active", textual=True)
    assert (made.type.name, made.default) == ("boolean", "true")
