"""Text files that may belong to records: patterns of their paths. Pure."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePosixPath


def text_patterns(paths: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Patterns of text files, and the part of their paths that differs, which may be a record's key.

    Files of one name lie in folders named by the key (`pages/about/index.txt`, at any depth); else those of
    one folder are named by it (`posts/hello.md`).
    """
    by_name: dict[str, list[PurePosixPath]] = defaultdict(list)
    for path in map(PurePosixPath, paths):
        by_name[path.name].append(path)
    patterns: dict[str, list[str]] = defaultdict(list)
    for name, found in by_name.items():
        for path in found:
            if len(found) > 1 and len(path.parts) > 2:
                patterns[f"{path.parts[0]}/{{key}}/{name}"].append("/".join(path.parts[1:-1]))
            elif len(path.parts) > 1:
                patterns[f"{path.parent}/{{key}}{path.suffix}"].append(path.stem)
    return [(pattern, tuple(keys)) for pattern, keys in patterns.items()]
