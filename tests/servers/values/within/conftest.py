"""The fixtures of the app's own tests, within which these run: in its folder, in its process."""

from tests.conftest import app, app_without_tables, client, databases, quick_hashes

__all__ = ["app", "app_without_tables", "client", "databases", "quick_hashes"]
