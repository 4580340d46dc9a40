"""Completes the description of the API: an example for each operation, headers, and refusals."""

from __future__ import annotations

from typing import Any

from samsyn.api.asked import ASKED
from samsyn.api.examples import DAY, MOMENT, NUMBERS, TIME, VALUES
from samsyn.kernel.rooms import rooms

Described = dict[str, Any]
FORMATS = {"date": DAY, "date-time": MOMENT, "time": TIME}
LACKING = object()  # nobody has said what is written in such a field
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
BEARER = "bearer"  # what the way to come in is called in the description
SCHEMES: Described = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "samsyn_…",
        "description": (
            "An API token. A person makes it under *Settings and API tokens* (`/me/`), for all "
            "that they may or for a part of it, and can end it there. Send it as "
            "`Authorization: Bearer samsyn_…`."
        ),
    }
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
    schema["components"]["securitySchemes"] = SCHEMES
    examples, asked = Examples(schemas), _asked()
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            operation["security"] = [{BEARER: []}]
            for each in operation.get("parameters", ()):
                if each["in"] == "query" and (said := _of_parameter(each, operation, asked)):
                    each["description"] = said
            if method != "get":
                headers = [IDEMPOTENCY, *([IF_MATCH] if "{pk}" in path else [])]
                operation["parameters"] = [*operation.get("parameters", ()), *headers]
            for content in _contents(operation):
                content.update(examples.shown(content["schema"]))
            operation["responses"]["4XX"] = _refusal(examples)
    return schema


def without_example(schema: Described) -> list[str]:
    """Return each ``Schema.field`` for which nobody has said what is written there, sorted."""
    examples = Examples(schema["components"]["schemas"])
    for methods in schema["paths"].values():
        for operation in methods.values():
            for content in _contents(operation):
                examples.of(content["schema"])
    return sorted(examples.lacking)


def without_sentence(schema: Described) -> list[str]:
    """Return each ``operation.parameter`` of a query for which nobody has said what it does."""
    return sorted(
        f"{operation['operationId']}.{each['name']}"
        for methods in schema["paths"].values()
        for operation in methods.values()
        for each in operation.get("parameters", ())
        if each["in"] == "query" and not each.get("description")
    )


def _of_parameter(known: Described, operation: Described, asked: dict[str, str]) -> str | None:
    own = f"{operation.get('operationId')}.{known['name']}"
    return known.get("description") or asked.get(own) or asked.get(known["name"])


def _asked() -> dict[str, str]:
    """Return what is said of parameters by all rooms, and by a room of its own."""
    found = dict(ASKED)
    for room in rooms().values():
        found |= {name: said for name, said in room.asked.items() if name not in ASKED}
    return found


def _contents(operation: Described) -> list[Described]:
    asked = operation.get("requestBody", {}).get("content", {})
    given = [answer.get("content", {}) for answer in operation["responses"].values()]
    return [each for content in (asked, *given) for each in content.values() if "schema" in each]


def _refusal(examples: Examples) -> Described:
    shape = {"$ref": "#/components/schemas/Problem"}
    content = {"schema": shape, "example": examples.of(shape)}
    return {
        "description": "It is refused; the problem says why.",
        "content": {"application/problem+json": content},
    }


class Examples:
    """Examples of values; what nobody has said of a field is left out, and ``lacking`` names it.

    The API reads its description to know its parameters: a word that lacks must not stop it.
    """

    def __init__(self, schemas: Described) -> None:
        """Take all schemas that others may refer to."""
        self.schemas = schemas
        self.values = _values()
        self.lacking: set[str] = set()

    def shown(self, schema: Described) -> Described:
        """Return what a content has beside its schema: an example, if there is one."""
        example = self.of(schema)
        return {} if example is LACKING else {"example": example}

    def of(self, schema: Described, name: str = "", owner: str = "") -> Any:
        """Return an example of a value, or ``LACKING``.

        Args:
            schema: of the value.
            name: of the field that it stands in.
            owner: the schema that has the field.

        """
        if "$ref" in schema:
            called = schema["$ref"].rsplit("/", 1)[1]
            return self.of(self.schemas[called], name, called)
        if "properties" in schema:
            title = schema.get("title", owner)
            fields = schema["properties"].items()
            made = {each: self.of(facts, each, title) for each, facts in fields}
            return {each: value for each, value in made.items() if value is not LACKING}
        for known in (f"{owner}.{name}", name):
            if known in self.values and (known != name or _fits(self.values[known], schema)):
                return self.values[known]
        return self._plain(schema, name, owner)

    def _plain(self, schema: Described, name: str, owner: str) -> Any:
        choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
        if choices or "allOf" in schema:
            return self.of((choices or schema["allOf"])[0], name, owner)
        words = [word for word in (*schema.get("enum", ()), schema.get("const")) if word]
        if words:
            return words[0]
        kind = schema.get("type")
        if kind == "string":
            return self._text(schema, name, owner)
        if kind == "array":
            one = self.of(schema["items"], name, owner)
            return LACKING if one is LACKING else [one]
        if kind == "integer":
            return NUMBERS.get(name, max(1, schema.get("minimum", 1)))
        return {"number": 1.0, "boolean": False}.get(str(kind), {})

    def _text(self, schema: Described, name: str, owner: str) -> Any:
        if schema.get("format") in FORMATS:
            return FORMATS[schema["format"]]
        if name in self.values:
            return self.values[name]
        self.lacking.add(f"{owner}.{name}")
        return LACKING


def _values() -> Described:
    """Return the examples that all rooms share, and those that a room gives of its own fields."""
    of_rooms: Described = {}
    for room in rooms().values():
        of_rooms |= room.examples
    return of_rooms | VALUES


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
