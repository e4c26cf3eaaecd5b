"""What rendered apps are tried with: plans, and the Pythons whose environments hold the app's libraries."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

PLANS = ("blog", "odd", "long", "empty")
PYTHONS = os.environ.get("OUTGROW_APP_PYTHONS", sys.executable).split(os.pathsep)

Run = Callable[..., "subprocess.CompletedProcess[str]"]
