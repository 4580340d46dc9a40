"""The frame of every page: which parts of the work a person can use, and whose data they see."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from samsyn.access.http import ActorRequest
from samsyn.access.permissions import Permission
from samsyn.access.selectors import looks_as, own_memberships
from samsyn.kernel.rooms import NavigationPage, rooms
from samsyn.ui.navigation import Choice, Frame, NavItem, NavPart, PersonMenu

VERSION = "0.1"


PAGES = sorted(
    (page for room in rooms().values() for page in room.pages),
    key=lambda page: (list(settings.PART_NAMES).index(page.part), page.place),
)
OWN_PAGES = (
    (_("Settings and API tokens"), "site:me"),
    (_("Sign-in and keys"), "mfa_index"),
    (_("Where you are signed in"), "usersessions_list"),
)


def frame(request: ActorRequest) -> dict[str, Frame]:
    """Return the frame for the page of a request; a context processor."""
    person = request.user if getattr(request, "user", None) else None
    if person is None or not person.is_authenticated:
        return {"frame": _frame_for_nobody(request)}
    return {"frame": _frame_for(request, person)}


def _frame_for_nobody(request: ActorRequest) -> Frame:
    return Frame(
        languages=_languages(request),
        language_url=reverse("site:language"),
        sign_in_url=_sign_in_url(),
        is_demonstration=settings.DEMONSTRATION,
        version=VERSION,
    )


def _frame_for(request: ActorRequest, person: Any) -> Frame:
    memberships = own_memberships(person.pk)
    current = looks_as(memberships, chosen=request.session.get("organisation"))
    return Frame(
        parts=_parts(request),
        view_of=current.organisation.name if current else "",
        view_role=current.get_role_display() if current else "",
        switch_to=_switches(memberships, current),
        switch_url=reverse("site:switch"),
        search_url=_url(search_page()),
        person=PersonMenu(
            name=person.name,
            role=current.get_role_display() if current else "",
            links=tuple(NavItem(label=lab, url=_url(name)) for lab, name in OWN_PAGES),
            sign_out_url=reverse("account_logout"),
        ),
        languages=_languages(request),
        language_url=reverse("site:language"),
        theme=person.theme,
        theme_url=reverse("site:theme"),
        is_demonstration=settings.DEMONSTRATION,
        version=VERSION,
        sign_in_url=_sign_in_url(),
    )


def search_page() -> str:
    """Return the name of the page that searches, or nothing."""
    return next((room.search for room in rooms().values() if room.search), "")


def _switches(memberships: list[Any], current: Any) -> tuple[Choice, ...]:
    homes = {m.organisation_id: m for m in memberships}
    if len(homes) < 2:  # noqa: PLR2004  one home needs no switch
        return ()
    return tuple(
        Choice(
            value=str(pk),
            label=m.organisation.name,
            note=m.get_role_display(),
            is_current=m is current,
        )
        for pk, m in homes.items()
    )


def _parts(request: ActorRequest) -> tuple[NavPart, ...]:
    match = request.resolver_match
    here = match.view_name if match else ""
    itself = [page for page in PAGES if page.url_name == here and _may_use(request, page)]
    found: dict[str, list[NavItem]] = {}
    for page in PAGES:
        url = _url(page.url_name)
        if not url or not _may_use(request, page):
            continue
        is_current = page in itself if itself else _is_below(here, page)
        item = NavItem(label=page.label, url=url, key=page.key, is_current=is_current)
        found.setdefault(page.part, []).append(item)
    return tuple(
        NavPart(label=settings.PART_NAMES[part], items=tuple(items))
        for part, items in found.items()
    )


def _is_below(here: str, page: NavigationPage) -> bool:
    room, _colon, name = here.partition(":")
    return room == page.url_name.split(":")[0] and name.startswith(page.below)


def _may_use(request: ActorRequest, page: NavigationPage) -> bool:
    return page.permission is None or request.actor.may_anywhere(Permission(page.permission))


@lru_cache(maxsize=256)
def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _sign_in_url() -> str:
    return reverse("site:choose-person" if settings.DEMONSTRATION else "account_login")


def _languages(request: ActorRequest) -> tuple[Choice, ...]:
    # A request refused on the doorstep, such as for a wrong host name, has no language yet.
    now = getattr(request, "LANGUAGE_CODE", None) or get_language()
    return tuple(
        Choice(value=code, label=name, is_current=code == now) for code, name in settings.LANGUAGES
    )
