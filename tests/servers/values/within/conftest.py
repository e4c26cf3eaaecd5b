"""The fixtures of the app's own tests, within which these run: in its folder, in its process."""

from tests.conftest import app, app_without_tables, client, databases, own_app, quick_hashes, the_app

__all__ = ["app", "app_without_tables", "client", "databases", "own_app", "quick_hashes", "the_app"]
