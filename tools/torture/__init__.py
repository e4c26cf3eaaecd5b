"""Hard usage of a generated app behind a real gunicorn: `make torture` runs all of it, `make test` a short form."""
