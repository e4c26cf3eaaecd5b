"""Goes through the app's own OpenAPI description: the status, type and schema of each answer must stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from torture.fuzzing import real_keys
from torture.outcome import Outcome
from torture.servers import Answer, Server

SAMPLES = {"integer": "1", "number": "1.5", "boolean": "true", "string": "2026-01-31"}
MISSING = "no-such-row"
MOST_ROWS = 1000  # in one list
LONGEST_QUERY = 3500  # gunicorn refuses lines of more than 4094 bytes


class Walk:
    """One walk: what was asked, and what came back that the description doesn't know."""

    def __init__(self, server: Server) -> None:
        self.server, self.spec = server, server.ask("GET", "/api/openapi.json").json
        self.keys, self.asked, self.found = real_keys(server), 0, Outcome()
        self.known: set[tuple[object, ...]] = set()  # one problem of a kind is enough

    def go(self) -> Outcome:
        """Ask everything."""
        for path, methods in self.spec["paths"].items():
            if path.endswith("/{key}"):
                self.try_row(path, methods)
            elif "get" in methods:
                self.try_rows(path, methods)
        self.found.said = f"{self.asked} requests over {len(self.spec['paths'])} paths"
        return self.found

    def try_rows(self, path: str, methods: dict[str, Any]) -> None:
        """List, with each parameter that there is; write what can't be read."""
        asked = ["", "?nothing=1", *(f"?{name}={text}" for name, text in parameters(methods["get"]))]
        if rows := self.server.ask("GET", f"{path}?per_page=1").json["items"]:
            one = f"{next(iter(rows[0]))}=1&"
            asked.append("?" + one * (LONGEST_QUERY // len(one)))
        for query in asked:
            self.ask("get", path, path + query, methods)
        for method in ("post", "put"):
            self.try_bodies(method, path, path, methods, {})
        self.ask("post", path, path, methods, rows)
        self.ask("put", path, path, methods, rows)
        if any("," in key for key in self.keys.get(path.split("/")[2], [])):  # takes the most of a database
            self.ask("put", path, path, methods, rows * MOST_ROWS)

    def try_row(self, path: str, methods: dict[str, Any]) -> None:
        """Read, replace, change and delete a row that is there, and one that isn't."""
        keys = self.keys.get(path.split("/")[2], [])[:1]
        for key in [*keys, MISSING]:
            url = path.replace("{key}", quote(key))
            row = self.server.ask("GET", url)
            etag = row.headers.get("etag", "*")
            self.ask("get", path, url, methods, If_None_Match=etag)
            self.ask("get", path, url, methods, If_Match="*")
            for query in ("", "?include=", "?include=nothing", "?include=" + includes(methods["get"])):
                self.ask("get", path, url + query, methods)
            for method in ("put", "patch"):
                self.ask(method, path, url, methods, row.json if row.status == 200 else {}, If_Match=etag)
                self.try_bodies(method, path, url, methods, {"If_Match": "*"})
            for headers in ({}, {"If_Match": '"other"'}, {"If_Match": "*"}):
                self.ask("delete", path, url, methods, **headers)

    def try_bodies(self, method: str, path: str, url: str, methods: dict[str, Any], headers: dict[str, str]) -> None:
        """Send what isn't good, or comes without what it needs."""
        plain = {"Content_Type": "text/plain"}
        form = {"Content_Type": "application/x-www-form-urlencoded"}
        json = {"Content_Type": "application/json"}
        body: Any
        for body in ({}, [], [{}], {"nothing": 1}, 1):
            self.ask(method, path, url, methods, body, **headers)
        for content, kind in ((b"{", json), (b"a=1", form), (b"", form), (b"x", plain), (b"[" * 100_000, json)):
            self.ask(method, path, url, methods, content, **headers | kind)
        self.ask(method, path, url, methods, {})
        self.ask(method, path, url, methods, {}, **headers | {"If_Match": '"other"'})
        self.ask(method, path, url, methods, {}, **headers | {"Authorization": ""})

    def ask(self, method: str, path: str, url: str, methods: dict[str, Any], body: Any = None, **headers: str) -> None:
        """Ask, and hold the answer against what is described."""
        if method not in methods:
            return
        self.asked += 1
        answer = self.server.ask(method.upper(), url, body, **headers)
        wrong = next(self.compare(answer, methods[method]["responses"]), None)
        kind = (method, path, answer.status, re.sub(r'".*?"|\d', "", wrong or ""))
        if wrong and kind not in self.known:
            self.known.add(kind)
            shown = f"{method.upper()} {url} {headers} {str(body)[:100]}"
            self.found.problems.append(f"{shown}\n    {answer.status} {answer.body[:200]!r}\n    {wrong}")

    def compare(self, answer: Answer, responses: dict[str, Any]) -> Iterator[str]:
        """Yield what isn't as described."""
        if answer.status >= 500:
            yield "that is nobody's fault but the app's: the database is well"
        described = responses.get(str(answer.status))
        if described is None:
            yield f"the status isn't among {', '.join(responses)}"
            return
        kind, content = answer.headers.get("content-type", ""), described.get("content", {})
        if content and kind not in content:
            yield f"the type {kind!r} isn't among {', '.join(content)}"
        elif content:
            schema = {"components": self.spec["components"], **content[kind]["schema"]}
            for error in jsonschema_rs.Draft202012Validator(schema, validate_formats=True).iter_errors(answer.json):
                yield f"{'.'.join(map(str, error.instance_path))}: {error.message[:300]}"
        elif answer.body:
            yield "there is a body, and none is described"


def parameters(operation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the parameters of a list, each with a value that may do and one that can't."""
    for each in operation.get("parameters", []):
        if each["in"] == "query":
            schema = each["schema"]
            kinds = [branch.get("type") for branch in schema.get("anyOf", [schema])]
            yield each["name"], SAMPLES.get(kinds[0] or "string", "1")
            yield each["name"], "%00~"


def includes(operation: dict[str, Any]) -> str:
    """Return the relationships that a row can be asked with."""
    texts = [each.get("description", "") for each in operation.get("parameters", []) if each["name"] == "include"]
    return "".join(texts).partition("of: ")[2].rstrip(".").replace(" ", "")


def walk(server: Server) -> Outcome:
    """Go through all that is described."""
    return Walk(server).go()
