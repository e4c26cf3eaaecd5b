"""What a bulk room raises when the database refuses a row."""


class Refused(Exception):
    """The database refused a row; the text is its reason."""
