"""What a server runs: `flask run`, or `gunicorn wsgi:app`."""

from app import create_app

app = create_app()
