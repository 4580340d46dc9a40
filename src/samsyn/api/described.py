"""Completes the description of the API: an example for each operation, headers, and refusals."""

from __future__ import annotations

from typing import Any

from samsyn.api.examples import DAY, MOMENT, NUMBERS, TIME, VALUES

Described = dict[str, Any]
FORMATS = {"date": DAY, "date-time": MOMENT, "time": TIME}
PROBLEM: Described = {
    "title": "Problem",
    "description": "Everything that goes wrong (RFC 9457).",
    "type": "object",
    "required": ["title", "status", "detail", "errors"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
IDEMPOTENCY: Described = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 255},
    "description": "A name of your own for this change: sent again in a day, it is made once.",
    "example": "3f8a2c1e-order-17",
}
IF_MATCH: Described = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag that you have read: what another has changed since answers 412.",
    "example": '"1"',
}


def described(schema: Described) -> Described:
    """Return a description with what ninja does not say by itself."""
    schemas = schema["components"]["schemas"]
    schemas["Problem"] = PROBLEM
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if method != "get":
                headers = [IDEMPOTENCY, *([IF_MATCH] if "{pk}" in path else [])]
                operation["parameters"] = [*operation.get("parameters", ()), *headers]
            for content in _contents(operation):
                content["example"] = example_of(content["schema"], schemas)
            operation["responses"]["4XX"] = _refusal(schemas)
    return schema


def _contents(operation: Described) -> list[Described]:
    asked = operation.get("requestBody", {}).get("content", {})
    given = [answer.get("content", {}) for answer in operation["responses"].values()]
    return [each for content in (asked, *given) for each in content.values() if "schema" in each]


def _refusal(schemas: Described) -> Described:
    shape = {"$ref": "#/components/schemas/Problem"}
    content = {"schema": shape, "example": example_of(shape, schemas)}
    return {
        "description": "It is refused; the problem says why.",
        "content": {"application/problem+json": content},
    }


def example_of(schema: Described, schemas: Described, name: str = "", of: str = "") -> Any:
    """Return an example of a value.

    Args:
        schema: of the value.
        schemas: all that it may refer to.
        name: of the field that it stands in.
        of: the schema that has the field.

    Raises:
        KeyError: nobody has said what is written in such a field.

    """
    if "$ref" in schema:
        called = schema["$ref"].rsplit("/", 1)[1]
        return example_of(schemas[called], schemas, name, called)
    if "properties" in schema:
        owner = schema.get("title", of)
        fields = schema["properties"].items()
        return {each: example_of(facts, schemas, each, owner) for each, facts in fields}
    for known in (f"{of}.{name}", name):
        if known in VALUES and (known != name or _fits(VALUES[known], schema)):
            return VALUES[known]
    return _plain(schema, schemas, name, of)


def _plain(schema: Described, schemas: Described, name: str, of: str) -> Any:
    choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if choices or "allOf" in schema:
        return example_of((choices or schema["allOf"])[0], schemas, name, of)
    words = [word for word in (*schema.get("enum", ()), schema.get("const")) if word]
    if words:
        return words[0]
    kind = schema.get("type")
    if kind == "string":
        return FORMATS[schema["format"]] if schema.get("format") in FORMATS else VALUES[name]
    if kind == "array":
        return [example_of(schema["items"], schemas, name, of)]
    if kind == "integer":
        return NUMBERS.get(name, max(1, schema.get("minimum", 1)))
    return {"number": 1.0, "boolean": False}.get(str(kind), {})


def _fits(value: Any, schema: Described) -> bool:
    """Return whether a value by the name alone is of the kind that the field is here."""
    kinds: dict[str, Any] = {"string": str, "integer": int, "number": int | float, "boolean": bool}
    kinds |= {"array": list, "object": dict}
    every = [schema, *schema.get("anyOf", ())]
    if any("enum" in each for each in every):
        return any(value in each.get("enum", ()) for each in every)
    if any(each.get("format") in FORMATS for each in every):
        return False
    return any(
        isinstance(value, kinds[each["type"]]) for each in every if each.get("type") in kinds
    )
