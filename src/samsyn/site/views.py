from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samsyn.access.http import ActorRequest
from samsyn.access.middleware import LANGUAGE_COOKIE
from samsyn.access.models import Person
from samsyn.access.selectors import own_memberships
from samsyn.access.services import preferences_change
from samsyn.site.health import is_well
from samsyn.site.people import demonstration_people

YEAR = 365 * 24 * 3600
BACKEND = "samsyn.access.signed_in.PersonBackend"


@require_GET
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer a supervisor: 200 while pages can be served and changed, else 503; nothing more."""
    well = is_well()
    text, status = ("ok\n", 200) if well else ("not well\n", 503)
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)


@require_http_methods(["GET", "POST"])
def choose_person(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demonstration's people; only while it is a demonstration."""
    if not settings.DEMONSTRATION:
        raise Http404
    if request.method == "POST":
        person = Person.objects.filter(pk=_number(request.POST.get("person"))).first()
        if person is None or not person.is_active:
            raise Http404
        login(request, person, backend=BACKEND)
        UserSession.objects.create_from_request(request)
        return HttpResponseRedirect(_next(request))
    people = demonstration_people(request.LANGUAGE_CODE)
    context = {"title": _("Who do you want to be?"), "people": people, "next": _next(request)}
    return render(request, "site/choose_person.html", context)


@require_POST
def language(request: ActorRequest) -> HttpResponse:
    """Speak another language from now on, to this person or on this device."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        raise Http404
    _prefer(request, language=chosen)
    response = HttpResponseRedirect(_next(request))
    response.set_cookie(
        LANGUAGE_COOKIE,
        chosen,
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_POST
def theme(request: ActorRequest) -> HttpResponse:
    """Show other colours from now on."""
    chosen = request.POST.get("theme", "")
    if chosen not in {"auto", "light", "dark"}:
        raise Http404
    _prefer(request, theme=chosen)
    return HttpResponseRedirect(_next(request))


@require_POST
def switch(request: ActorRequest) -> HttpResponse:
    """See another of one's organisations."""
    chosen = _number(request.POST.get("organisation"))
    homes = {m.organisation_id for m in own_memberships(request.user.pk or 0)}
    if chosen not in homes:
        raise Http404
    request.session["organisation"] = chosen
    return HttpResponseRedirect("/")


def _prefer(request: ActorRequest, **changes: str) -> None:
    person: Any = request.user
    if person.is_authenticated:
        preferences_change(actor=request.actor, person=person, **changes)


def _next(request: HttpRequest) -> str:
    """Return where to go on, if it is a place of our own; else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else "/"


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else -1  # noqa: PLR2004  what fits a key of 64 bits
