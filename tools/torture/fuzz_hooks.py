"""What schemathesis can't know, for its SCHEMATHESIS_HOOKS: the keys of rows that are there.

It runs in the tool's own environment, so it imports nothing of ours. REAL_KEYS holds {table: [key, ...]} as JSON.
"""

import json
import os
import zlib

import schemathesis

KEYS = json.loads(os.environ["REAL_KEYS"])
WRITES = {"put", "patch", "delete"}


def draw(value, sides):
    """Return a number below `sides` that only the value decides, so that a seed gives the same run again."""
    return zlib.crc32(repr(value).encode("utf-8", "replace")) % sides


@schemathesis.hook
def map_path_parameters(context, parameters):
    """Mostly ask for a row that is there; seldom delete one, as the others need it."""
    keys = KEYS.get(context.operation.path.split("/")[2], [])
    chance = 8 if context.operation.method == "delete" else 1
    if parameters and keys and draw(parameters, 4 * chance) < 3:
        parameters["key"] = keys[draw(parameters, len(keys))]
    return parameters


@schemathesis.hook
def map_headers(context, headers):
    """Mostly write whatever the row is by now."""
    if context.operation.method in WRITES and draw(headers, 4) < 3:
        headers = (headers or {}) | {"If-Match": "*"}
    return headers
