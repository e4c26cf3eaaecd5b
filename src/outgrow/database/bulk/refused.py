"""What a bulk room raises when the database refuses a row."""


class Refused(Exception):  # noqa: N818 (a row's fate, no error of the program)
    """The database refused a row; the text is its reason."""
