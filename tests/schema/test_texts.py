from made_profiles import infer

from outgrow.schema.infer import TextGroup

PAGES = {"about": {"title": "x"}, "home": {"title": "y"}}


def test_text_files_named_by_a_record_s_key_are_its_column():
    found = infer([TextGroup("pages/{key}/index.txt", ("about", "home"))], pages=PAGES)
    column = found.plan.tables[0].columns[-1]
    assert (column.name, column.role, column.field) == ("content", "file", ("pages/{key}/index.txt",))
    assert (column.type.name, column.nullable) == ("text", True)


def test_a_file_s_stem_names_the_column_where_it_says_more():
    found = infer([TextGroup("pages/{key}/summary.md", ("about",))], pages=PAGES)
    assert found.plan.tables[0].columns[-1].name == "summary"


def test_a_column_that_is_taken_is_not_taken_again():
    pages = {"about": {"content": "x"}, "home": {"content": "y"}}
    found = infer([TextGroup("pages/{key}.txt", ("about",))], pages=pages)
    assert found.plan.tables[0].columns[-1].name == "body"


def test_of_two_tables_with_the_same_keys_the_path_says_which():
    found = infer([TextGroup("pages/{key}.txt", ("about",))], notes=PAGES, pages=PAGES)
    assert found.plan.by_name["pages"].columns[-1].role == "file"


def test_text_files_of_nothing_are_said():
    found = infer([TextGroup("logs/{key}.txt", ("monday",))], pages=PAGES)
    assert [(each.severity, "logs/{key}.txt" in each.message) for each in found.findings] == [("info", True)]
