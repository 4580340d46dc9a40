from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views import View

from samsyn.access.disk import disk_error
from samsyn.access.http import ActorRequest
from samsyn.access.reading import is_organisation, note_opened, note_shown
from samsyn.kernel.errors import KeptDamaged, NotAllowed, NotFound, SamsynError
from samsyn.ui.components.base import Text
from samsyn.ui.errors import damaged_page, error_page
from samsyn.ui.navigation import Crumb

Thing = TypeVar("Thing")


def nothing(**_arguments: Any) -> Any:
    """Stand in for a selector or service that a screen does not have."""
    return None


class Screen(View):
    """What all screens share: one subject, one template, one way to fail."""

    request: ActorRequest
    template_name = ""
    title: Text = ""
    called: Text = ""  # on record, where the title is the subject's own name
    intro: Text = ""
    part = ""  # what an HTMX request gets instead of the page, as "ui/list.html#list"
    is_part = False  # the template is a part by itself
    label = ""  # TLP of the page; without one, the frame's
    is_wide = False
    subject: Callable[..., Any] = staticmethod(nothing)
    crumbs: Callable[..., tuple[Crumb, ...]] | tuple[Crumb, ...] = ()
    _unnoted: tuple[Any, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Turn our errors into HTTP, here and nowhere else."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotFound as error:
            raise Http404 from error
        except NotAllowed as error:
            raise PermissionDenied from error
        except KeptDamaged as error:
            return damaged_page(request, error)
        except SamsynError as error:
            found = disk_error(error) or error  # the engine's refusal may be the disk's
            return error_page(request, found.http_status, str(found))

    def get_subject(self, **url: Any) -> Any:
        """Return what the address names, or None for a screen without a subject.

        Whoever opens it from outside its organisation is put on record.
        """
        return self.seen(self.subject(actor=self.request.actor, **url))

    def seen(self, thing: Thing) -> Thing:
        """Return a thing whose facts the page shows, put on record.

        What is sent to a page shows nothing when it succeeds: then it waits for ``show``.
        """
        if self.request.method == "GET":
            self._note_seen(thing)
        else:
            self._unnoted = (*self._unnoted, thing)
        return thing

    def _note_seen(self, thing: Any) -> None:
        if (self.title or self.called) and is_organisation(thing):
            self.note_shown([thing])  # an organisation has many pages: which one?
        elif thing is not None:
            note_opened(self.request.actor, thing)

    def note_shown(self, rows: Iterable[Any], *more: Any) -> None:
        """Put on record what somebody from outside is shown here, by the page's own title."""
        things = [*rows, *(thing for thing in more if thing is not None)]
        name = self.title or self.called
        note_shown(self.request.actor, things, page=self.key, name=name)

    @property
    def key(self) -> str:
        """The name of the page's address."""
        match = self.request.resolver_match
        return match.view_name if match else self.request.path

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        """Render the page, or for an HTMX request the screen's part of it.

        A screen without a part answers with its page, which then replaces the whole page: swapped
        into a part it would show a page within the page.
        """
        for thing in self._unnoted:
            self._note_seen(thing)
        htmx = self.request.htmx
        wants_part = htmx and not htmx.boosted and not htmx.history_restore_request
        template = self.part if wants_part and self.part else self.template_name
        response = render(self.request, template, self.frame(context), status=status)
        if wants_part and not self.part and not self.is_part:
            response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
        patch_vary_headers(response, ["HX-Request"])
        return response

    def frame(self, context: dict[str, Any]) -> dict[str, Any]:
        """Return the context with what every page says of itself."""
        subject = context.get("object")
        crumbs = self.crumbs
        if callable(crumbs):
            crumbs = crumbs(subject) if subject is not None else crumbs()
        own = {
            "title": self.title or (str(subject) if subject is not None else ""),
            "intro": self.intro,
            "crumbs": crumbs,
            "label": getattr(subject, "sharing_label", "") or self.label,
            "wide": self.is_wide,
        }
        return {**own, **context}


class PageScreen(Screen):
    """A page composed by its room: ``content`` returns what its template shows."""

    content: Callable[..., dict[str, Any]] = staticmethod(nothing)

    def get(self, request: ActorRequest, **url: Any) -> HttpResponse:
        return self.show(**(self.content(actor=request.actor, **url) or {}))
