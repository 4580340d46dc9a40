"""A program of one of the cast, as tests of the API send for it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from samsyn.access.services import token_create


class Program:
    """Sends with a token of its own."""

    def __init__(self, cast: Any, name: str, **more: Any) -> None:
        person = cast.people[name]
        made = token_create(actor=getattr(cast, name), person=person, name="test", **more)
        self.secret, self.client = made.secret, Client()

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Return the answer; headers are written with low lines."""
        head = {"Authorization": f"Bearer {self.secret}"}
        head |= {name.replace("_", "-"): value for name, value in headers.items()}
        given = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(self.client, method)(path, headers=head, **given)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("get", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("post", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("patch", path, body, **headers)
