"""The frame of every page: which parts of the work a person can use, and whose data they see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from samsyn.access.http import ActorRequest
from samsyn.access.permissions import Permission
from samsyn.access.selectors import looks_as, own_memberships
from samsyn.ui.navigation import Choice, Frame, NavItem, NavPart, PersonMenu

VERSION = "0.1"


@dataclass(frozen=True, slots=True)
class NavigationPage:
    """A page that navigation leads to, for whoever has the permission anywhere.

    ``below`` begins the names of the pages that stand under it, where a room has several.
    """

    part: str
    label: Promise
    url_name: str
    permission: Permission | None = None
    key: str = ""
    below: tuple[str, ...] = ()


OF_MEETINGS = ("meeting", "point", "minutes", "freeze", "pack")
OF_MANAGEMENT = ("page", "propos", "decide", "withdraw", "words", "ask", "answer", "target")
PAGES = (
    NavigationPage("home", _("Home"), "cockpit:home", key="h"),
    NavigationPage(
        "home", _("Management"), "management:home", Permission.REPORTING_VIEW, "l", OF_MANAGEMENT
    ),
    NavigationPage(
        "know", _("Organisations"), "organisations:list", Permission.ORGANISATIONS_VIEW, "o"
    ),
    NavigationPage("know", _("Resources"), "assets:resources", Permission.RESOURCES_VIEW, "r"),
    NavigationPage("know", _("Suppliers"), "suppliers:list", Permission.SUPPLIERS_VIEW, "s"),
    NavigationPage("know", _("Change log"), "log:list", Permission.TRAIL_VIEW),
    NavigationPage("plan", _("Actions"), "actions:list", Permission.ACTIONS_VIEW, "a"),
    NavigationPage("plan", _("Annual wheel"), "wheel:wheel", Permission.WHEEL_VIEW, "w"),
    NavigationPage("plan", _("Decisions"), "decisions:list", Permission.ACTIONS_VIEW, "c"),
    NavigationPage("plan", _("Evidence"), "documents:list", Permission.DOCUMENTS_VIEW, "e"),
    NavigationPage("plan", _("Maturity"), "maturity:list", Permission.MATURITY_VIEW, "t"),
    NavigationPage("do", _("Findings"), "findings:list", Permission.FINDINGS_VIEW, "f"),
    NavigationPage("improve", _("Indicators"), "indicators:list", Permission.INDICATORS_VIEW, "i"),
    NavigationPage(
        "improve", _("Benchmark"), "benchmark:benchmark", Permission.BENCHMARK_VIEW, "n"
    ),
    NavigationPage(
        "improve", _("Situation picture"), "situation:list", Permission.SITUATION_VIEW, "p"
    ),
    NavigationPage(
        "improve", _("Meetings"), "management:meetings", Permission.REPORTING_VIEW, "k", OF_MEETINGS
    ),
    NavigationPage("sector", _("Desk"), "cockpit:desk", Permission.SECTOR_VIEW, "d"),
    NavigationPage("sector", _("Members"), "cockpit:members", Permission.SECTOR_VIEW, "m"),
    NavigationPage("sector", _("Feeds"), "monitoring:batches", Permission.OBSERVATIONS_VIEW, "b"),
    NavigationPage(
        "sector", _("Unattributed"), "monitoring:unattributed", Permission.OBSERVATIONS_VIEW, "u"
    ),
    NavigationPage(
        "sector", _("Claims that wait"), "assets:requests", Permission.RESOURCES_CONFIRM
    ),
    NavigationPage("sector", _("Outbox"), "messages:outbox", Permission.MESSAGES_VIEW, "x"),
    NavigationPage("sector", _("Jobs"), "cockpit:jobs", Permission.JOBS_RUN),
    NavigationPage("sector", _("Health"), "site:health", Permission.JOBS_RUN),
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
        search_url=_url("cockpit:search"),
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
    found: dict[str, list[NavItem]] = {}
    for page in PAGES:
        url = _url(page.url_name)
        if not url or not _may_use(request, page):
            continue
        is_current = here == page.url_name or _is_below(here, page)
        item = NavItem(label=page.label, url=url, key=page.key, is_current=is_current)
        found.setdefault(page.part, []).append(item)
    return tuple(
        NavPart(label=settings.PART_NAMES[part], items=tuple(items))
        for part, items in found.items()
    )


def _is_below(here: str, page: NavigationPage) -> bool:
    room, _colon, name = here.partition(":")
    if room in {"cockpit", "monitoring"} or room != page.url_name.split(":")[0]:
        return False
    return not page.below or name.startswith(page.below)


def _may_use(request: ActorRequest, page: NavigationPage) -> bool:
    return page.permission is None or request.actor.may_anywhere(page.permission)


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
