"""What the status of an answer means, and how a refusal looks."""

REFUSALS = {
    400: "The request can't be read.",
    401: "A token is missing or unknown.",
    403: "The token is for reading only.",
    404: "There is no such row.",
    409: "The row conflicts with another one, or others refer to it.",
    412: "The row has changed since it was read.",
    413: "The body is too large.",
    415: "The body is neither JSON nor a form.",
    422: "A value can't be accepted; `errors` names it.",
    428: "The header If-Match is missing.",
    429: "Too many failed tries.",
    503: "The database can't do this now; or, with `outcome`, nobody knows whether it did.",
}

PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "string"}},
        "outcome": {"type": "string", "enum": ["unknown"]},
        "references": {"type": "object", "additionalProperties": {"type": "integer"}},
    },
}
