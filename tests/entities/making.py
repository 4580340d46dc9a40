"""What the shared cases of a declared thing are made of: things, forms, sheets and addresses."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from samsyn.entities.columns import columns
from samsyn.entities.declaration import Entity
from samsyn.entities.services import Services
from tests.cast import NOON

LANGUAGES = ("en", "sv", "nb")


class Making:
    """Makes what the cases need; a room says otherwise where its things differ."""

    entity: Entity
    done: Services
    facts: dict[str, Any]
    changed: dict[str, Any]
    is_once = True

    def add(self, cast, who="ingvild", organisation="fjellvik", **more):
        return self.done.add(
            actor=getattr(cast, who),
            organisation=getattr(cast, organisation),
            now=NOON,
            **{**self.facts, **more},
        )

    def called_as(self, word):
        """Return a name that such things can have."""
        return word

    def rows(self, *words, **cells):
        """Return a sheet of some names: what a thing must have besides is that of the facts."""
        needed = [n for n in (*self.entity.known_by, *self.required) if n not in cells]
        given = {n: as_form(self.facts)[n] for n in needed if n != self.called} | cells
        head = [self.called, *given]
        lines = [head, *([self.called_as(word), *map(str, given.values())] for word in words)]
        return "".join(f"{';'.join(line)}\n" for line in lines).encode()

    @property
    def required(self):
        """Return the names of the fields that must be given."""
        of = {name: self.entity.model._meta.get_field(name) for name in self.entity.names}
        return [n for n, known in of.items() if not known.blank and not known.has_default()]

    def around(self, today):
        """Return what differs from the facts in things around each boundary of a state."""
        return []

    def in_states(self, cast, today):
        """Return things around each boundary of a state, each with a name of its own."""
        return [
            self.add(cast, **{self.called: self.called_as(f"In-state-{number}"), **more})
            for number, more in enumerate(self.around(today))
        ]

    def sent(self):
        """Return the facts as a program sends them: what a field points to by its id."""
        pointing = {field.name for field in self.entity.pointing}
        return {f"{n}_id" if n in pointing else n: v for n, v in self.facts.items()}

    def own_row(self, **cells):
        """Return a sheet of the thing that the facts are of, with other values in some cells."""
        head = [*self.entity.known_by, *cells]
        row = [*(str(self.facts[n]) for n in self.entity.known_by), *map(str, cells.values())]
        return f"{';'.join(head)}\n{';'.join(row)}\n".encode()

    def led_to(self, made):
        """Return where the form of a new one leads."""
        return made.get_absolute_url()

    def url(self, name, *args):
        return reverse(f"{self.entity.room}:{name}", args=args)

    @property
    def called(self):
        return self.entity.names[0]

    def export(self, client, kind):
        names = ",".join(column.name for column in columns(self.entity))
        answer = client.get(self.url("list"), {"export": kind, "columns": names})
        return b"".join(answer.streaming_content)

    def send_sheet(self, cast, client, content):
        file = SimpleUploadedFile("sheet.csv", content)
        given = {"organisation": cast.fjellvik.pk, "file": file}
        return client.post(self.url("import"), given)


def as_form(facts: dict[str, Any]) -> dict[str, Any]:
    """Return values as a browser sends them."""
    return {
        name: "" if value is None else value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in facts.items()
    }


def csrf(client: Any) -> str:
    """Return the token that a page of ours would send along."""
    client.get("/")
    return str(client.cookies["csrftoken"].value) if "csrftoken" in client.cookies else "-"


def text_of(answer: Any) -> str:
    """Return what a page or a file says, with the characters of HTML as they are read."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return unescape(content.decode())


def be(client: Any, person: Any, language: str) -> None:
    """Sign in as a person who reads a language: pages follow the person, not the browser."""
    person.language = language
    person.save(update_fields=["language"])
    client.force_login(person)
