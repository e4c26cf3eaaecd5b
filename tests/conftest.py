"""In continuous integration hypothesis tries the same examples each time; new ones are for people to look at."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
