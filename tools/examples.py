"""Writes examples/*/myapp anew, each from the plan beside it. `make examples` calls this.

An example's app is committed as it is generated, without what `outgrow convert` makes once (.env, instance/, rejects/).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from outgrow import app_folder
from outgrow.render.app import render_app

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
NAME = "myapp"


def generate(plan_file: Path) -> dict[str, str]:
    """The files of an example's app, by their paths within it."""
    plan, text = app_folder.read_plan(plan_file)
    return {**render_app(plan, NAME), app_folder.PLAN_FILE: text}


def main() -> None:
    for plan_file in sorted(EXAMPLES.glob("*/plan.toml")):
        app = plan_file.parent / NAME
        shutil.rmtree(app, ignore_errors=True)
        files = generate(plan_file)
        for path, text in files.items():
            target = app / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
        print(f"{app.relative_to(EXAMPLES.parent)}: {len(files)} files")


if __name__ == "__main__":
    main()
