from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from samsyn.access.http import ActorRequest
from samsyn.access.reading import note_file
from samsyn.ui.components.base import Text
from samsyn.ui.exports import file_name
from samsyn.ui.screens.screen import Screen, nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button on a page: it links to another page, or posts at once (``is_post``)."""

    label: Text
    url: str
    is_primary: bool = False
    is_post: bool = False
    is_dangerous: bool = False


class DetailScreen(Screen):
    """One thing: its page is composed by the room, the frame and the buttons are ours.

    ``content(actor=, subject=)`` returns what the room's template shows besides;
    ``buttons(actor=, subject=)`` returns what this actor may do with the thing.
    """

    template_name = "ui/detail.html"
    content: Callable[..., dict[str, Any] | None] = staticmethod(nothing)
    buttons: Callable[..., tuple[Button, ...] | None] = staticmethod(nothing)

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        subject = self.get_subject(**url)
        more = self.content(actor=request.actor, subject=subject) or {}
        buttons = self.buttons(actor=request.actor, subject=subject) or ()
        return self.show(object=subject, buttons=buttons, **more)


class FileScreen(Screen):
    """A thing as a file: ``make(actor=, subject=, language=)`` returns its bytes."""

    make: Callable[..., bytes] = staticmethod(nothing)
    name: Callable[..., str] = staticmethod(str)
    ending = ""
    content_type = ""

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        subject = self.get_subject(**url)
        note_file(request.actor, subject, kind=self.ending)
        made = self.make(actor=request.actor, subject=subject, language=request.LANGUAGE_CODE)
        answer = HttpResponse(made, content_type=self.content_type)
        name = file_name(self.name(subject)) or "samsyn"
        answer["Content-Disposition"] = f'attachment; filename="{name}.{self.ending}"'
        return answer
