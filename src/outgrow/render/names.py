"""The names that a generated module imports; none of them is hidden by a class or an attribute."""

from __future__ import annotations

from collections.abc import Iterable

from outgrow.render.layout import LINE_LENGTH, Call, lay_out

_STANDARD = ("builtins", "datetime", "decimal", "typing")
_BUILTINS = ("bool", "bytes", "float", "int", "list", "str")


class Names:
    """Collects imports; a name that is taken gets a trailing underscore.

    `taken` are the module's own classes; what `enter` is given hides names within one class only.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = frozenset(taken)
        self._hidden: frozenset[str] = frozenset()
        self._imports: dict[str, set[tuple[str, str]]] = {}

    def enter(self, attributes: Iterable[str]) -> None:
        """Begin a class that has these attributes."""
        self._hidden = frozenset(attributes)

    def __call__(self, module: str, name: str) -> str:
        """Return what `name` of `module` is called here."""
        alias = name
        while alias in self._taken or alias in self._hidden:
            alias += "_"
        if module != "builtins" or alias != name:
            self._imports.setdefault(module, set()).add((name, alias))
        return alias

    def builtin(self, name: str) -> str:
        """Return what a built-in type is called here."""
        return self("builtins", name)

    def datetime(self) -> str:
        """Return what the module `datetime` is called here."""
        return self("", "dt")

    def lines(self) -> list[str]:
        """Return the import statements, sorted as ruff sorts them."""
        sections: list[list[str]] = [[], [], []]
        for _, alias in sorted(self._imports.get("", ())):
            sections[0].append(f"import datetime as {alias}")
        for module in sorted(filter(None, self._imports)):
            rank = 0 if module in _STANDARD else 2 if module.split(".")[0] == "app" else 1
            sections[rank] += _statement(module, self._imports[module])
        return "\n\n".join("\n".join(section) for section in sections if section).split("\n")


def _statement(module: str, names: set[tuple[str, str]]) -> list[str]:
    ordered = sorted(names, key=lambda pair: (_rank(pair[0]), pair[0].lower(), pair))
    items = [name if alias == name else f"{name} as {alias}" for name, alias in ordered]
    before = f"from {module} import "
    line = before + ", ".join(items)
    return [line] if len(line) <= LINE_LENGTH else lay_out(before, Call("(", tuple(items)))


def _rank(name: str) -> int:
    """Order constants before classes before functions, as isort does."""
    return 0 if name.isupper() else 1 if name[0].isupper() else 2
