from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.http import ActorRequest
from samsyn.access.permissions import Permission, Role
from samsyn.access.selectors import looks_as, own_memberships, role_offers_to
from samsyn.assets.claim_selectors import waiting_total
from samsyn.assets.selectors import resource_counts, waiting_count
from samsyn.cockpit import pages, selectors, work
from samsyn.cockpit.kept import content_kept
from samsyn.cockpit.tables import MEMBERS, RUNS, WITHOUT_FINDINGS
from samsyn.cockpit.unknown import without_figures
from samsyn.findings.beginning_pages import quiet_alert
from samsyn.findings.models import Finding
from samsyn.findings.selectors import findings_version
from samsyn.findings.texts import report_title
from samsyn.jobs.selectors import run_list
from samsyn.kernel.errors import NotAllowed, NotFound
from samsyn.kernel.rooms import function, rooms
from samsyn.kernel.texts import printable
from samsyn.messages.selectors import UNREACHED, message_list
from samsyn.monitoring.selectors import batch_list, has_read_any, unattributed
from samsyn.organisations.models import Organisation
from samsyn.organisations.pages import contacts_panel, offer_lines, role_lines
from samsyn.organisations.selectors import organisation_get
from samsyn.situation.selectors import edition_list
from samsyn.ui.components import EmptyState, Panel
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import Button, DetailScreen, FilterForm, ListScreen, PageScreen, Screen

MEMBERS_HOME = Crumb(label=_("Members"), url="/members/")
FOUND_MOST = 10
SEARCH_LEAST = 2
HOME_ROLES = {
    Role.ANALYST: "cockpit:desk",
    Role.ADMINISTRATOR: "cockpit:desk",
    Role.ADVISER: "cockpit:desk",
}


class HomeScreen(Screen):
    """Leads each role to where its day begins."""

    def get(self, request: ActorRequest) -> HttpResponse:
        memberships = own_memberships(request.user.pk)
        current = looks_as(memberships, chosen=request.session.get("organisation"))
        if current is None and role_offers_to(actor=request.actor).exists():
            return redirect("site:me")
        if current is None:
            raise NotAllowed(_("You have no role anywhere yet."))
        role = Role(current.role)
        if role in HOME_ROLES:
            return redirect(HOME_ROLES[role])
        if role == Role.LEADER:
            return redirect("management:page", pk=current.organisation_id)
        return redirect("cockpit:member", pk=current.organisation_id)


def desk_content(*, actor: Actor) -> dict[str, Any]:
    """Return the sector desk: what came in, whom it concerns, what is new, old and critical."""
    if not actor.may_anywhere(Permission.SECTOR_VIEW):
        raise NotFound(_("No such page."))
    now, today = timezone.now(), timezone.localdate()
    total = selectors.standings(actor=actor, now=now)[selectors.EVERYWHERE]
    is_unread = not total.open and not has_read_any()
    if is_unread or not selectors.sees_findings(actor=actor):  # no figure: a 0 would be untrue
        return {
            "came_in": came_in(actor=actor),
            "buttons": desk_buttons(actor, selectors.OrganisationStanding(0)),
            "is_alone": actor.sees_all(Permission.ORGANISATIONS_VIEW),
            "is_unread": is_unread,
        }
    rows = selectors.member_standings(actor=actor, now=now)
    trend = selectors.weekly(actor=actor, today=today)
    return {
        "state": desk_sentence(total, rows),
        "total": total,
        "tiles": pages.standing_tiles(total, trend=trend),
        "trend": pages.trend_card(trend),
        "map": pages.map_card(rows),
        "concerned": pages.concerned_panel(rows),
        "newest": pages.findings_panel(
            gettext("New since yesterday"),
            selectors.newest_findings(actor=actor, now=now),
            empty=gettext("Nothing new came in"),
            url=pages.findings_url(order="-first_seen_at"),
            with_owner=True,
        ),
        "oldest": pages.findings_panel(
            gettext("Critical, open the longest"),
            selectors.worst_findings(actor=actor),
            empty=gettext("Nothing critical is open"),
            url=pages.findings_url(severity=4, order="first_seen_at"),
            with_owner=True,
        ),
        "help": help_panel(actor),
        "quiet": quiet_alert(actor=actor, untold=total.untold),
        "came_in": came_in(actor=actor),
        "buttons": desk_buttons(actor, total),
    }


def help_panel(actor: Actor) -> Panel | None:
    """Return who has asked for help; nothing when nobody has."""
    asked = list(selectors.help_wanted(actor=actor))
    if not asked:
        return None
    return pages.findings_panel(
        gettext("Members who ask for help"),
        asked,
        empty="",
        url=pages.findings_url(state="acknowledged", answer="help"),
        with_owner=True,
    )


def desk_kept(*, actor: Actor) -> dict[str, Any]:
    """Return the sector desk, made once for all who see the same."""
    now = timezone.now()
    return content_kept("desk", lambda: desk_content(actor=actor), actor=actor, now=now)


def desk_page(*, actor: Actor) -> dict[str, Any]:
    """Return the sector desk with what waits for this reader alone, which is never kept."""
    return {**desk_kept(actor=actor), "offers": role_lines(actor=actor)}


def desk_buttons(actor: Actor, total: selectors.OrganisationStanding) -> tuple[Button, ...]:
    """Return the desk's one primary act, to tell those who have not been told, and what waits."""
    buttons = []
    if total.untold and actor.may_anywhere(Permission.MESSAGES_SEND):
        label = ngettext("Tell members of %d finding", "Tell members of %d findings", total.untold)
        url = reverse("findings:tell")
        buttons.append(Button(label=label % total.untold, url=url, is_primary=True))
    if lost := message_list(actor=actor, state=UNREACHED).count():
        label = ngettext("%d letter did not arrive", "%d letters did not arrive", lost)
        url = f"{reverse('messages:outbox')}?state={UNREACHED}"
        buttons.append(Button(label=label % lost, url=url))
    if waiting := waiting_total(actor=actor):
        label = ngettext("%d claim to decide", "%d claims to decide", waiting)
        buttons.append(Button(label=label % waiting, url=reverse("assets:requests")))
    return tuple(buttons)


def desk_sentence(
    total: selectors.OrganisationStanding, rows: list[selectors.OrganisationStanding]
) -> str:
    """Return the state in one sentence."""
    struck = sum(1 for row in rows if row.new_critical)
    if total.new_critical:
        return _critical_sentence(total.new_critical, struck)
    if total.new:
        return (
            ngettext(
                "%d new finding since yesterday; it is not critical.",
                "%d new findings since yesterday; none of them is critical.",
                total.new,
            )
            % total.new
        )
    return gettext("Nothing new since yesterday.")


def _critical_sentence(critical: int, members: int) -> str:
    said = ngettext(
        "%(critical)d new critical finding since yesterday, at one member.",
        "%(critical)d new critical findings since yesterday, at one member.",
        critical,
    )
    if members > 1:
        said = gettext(
            "%(critical)d new critical findings since yesterday, at %(members)d members."
        )
    return said % {"critical": critical, "members": members}


def came_in(*, actor: Actor) -> dict[str, Any] | None:
    """Return what came in last, and how much of it belongs to nobody; for who may see it."""
    if not actor.may_anywhere(Permission.OBSERVATIONS_VIEW):
        return None
    today = timezone.localdate()
    week = today - timedelta(days=7)
    batches = [
        {"pk": b.pk, "title": report_title(b.report), "on": b.report_on, "rows": b.observations}
        for b in batch_list(actor=actor, state="folded")[:FOUND_MOST]
    ]
    nobody = unattributed(actor=actor, since=week, until=today, by="report", limit=200)
    return {"batches": batches, "nobody": sum(count.observations for count in nobody)}


def member_content(*, actor: Actor, subject: Organisation) -> dict[str, Any]:
    """Return a member's page: the same for its own people and for the operator's."""
    if not actor.may(Permission.FINDINGS_VIEW, subject.pk):
        return {"is_quiet": True, "contacts": contacts_panel(actor=actor, organisation=subject)}
    now, today = timezone.now(), timezone.localdate()
    one = selectors.standings(actor=actor, now=now).get(subject.pk)
    one = one or selectors.OrganisationStanding(subject.pk)
    trend = selectors.weekly(actor=actor, today=today, organisation=subject.pk)
    content = {
        "state": member_sentence(one),
        "tiles": pages.standing_tiles(one, organisation=subject.pk, trend=trend),
        "trend": pages.trend_card(trend),
        "newest": pages.findings_panel(
            gettext("New since yesterday"),
            selectors.newest_findings(actor=actor, now=now, organisation=subject.pk),
            empty=gettext("Nothing new came in"),
            url=pages.findings_url(organisation=subject.pk, order="-first_seen_at"),
            with_owner=False,
        ),
        "worst": pages.findings_panel(
            gettext("Critical, open the longest"),
            selectors.worst_findings(actor=actor, organisation=subject.pk),
            empty=gettext("Nothing critical is open"),
            url=pages.findings_url(organisation=subject.pk, severity=4, order="first_seen_at"),
            with_owner=False,
        ),
        "work": work.actions_panel(actor=actor, organisation=subject, today=today),
        "maturity": work.maturity_panel(actor=actor, organisation=subject),
        "kinds": pages.kinds_panel(
            selectors.kinds_open(actor=actor, organisation=subject.pk), organisation=subject.pk
        ),
        "resources": resource_counts(actor=actor, organisation=subject.pk),
        "waiting": waiting_count(actor=actor, organisation=subject.pk),
        "editions": list(edition_list(actor=actor, organisation=subject.pk)[:4]),
        "contacts": contacts_panel(actor=actor, organisation=subject),
    }
    return content if one.open else without_figures(content, subject, actor=actor)


def member_kept(*, actor: Actor, subject: Organisation) -> dict[str, Any]:
    """Return a member's page, made once for all who see the same."""
    now = timezone.now()

    def make() -> dict[str, Any]:
        return member_content(actor=actor, subject=subject)

    return content_kept("member", make, actor=actor, now=now, of=subject.pk)


def member_page(*, actor: Actor, subject: Organisation) -> dict[str, Any]:
    """Return a member's page with what waits for this reader alone, which is never kept."""
    offers = offer_lines(actor=actor, organisation=subject)
    return {**member_kept(actor=actor, subject=subject), "offers": offers}


def member_sentence(one: selectors.OrganisationStanding) -> str:
    """Return a member's state in one sentence."""
    if not one.open:
        return gettext("Nothing that we know of is open.")
    if one.critical:
        return ngettext(
            "%(critical)d critical of %(open)d open. Begin with the critical one.",
            "%(critical)d critical of %(open)d open. Begin with the critical ones.",
            one.critical,
        ) % {"critical": one.critical, "open": one.open}
    return (
        ngettext(
            "%d finding is open; it is not critical.",
            "%d findings are open; none of them is critical.",
            one.open,
        )
        % one.open
    )


def member_buttons(*, actor: Actor, subject: Organisation) -> tuple[Button, ...]:
    """Return what this actor may do from a member's page."""
    buttons = [Button(label=gettext("About the organisation"), url=subject.get_absolute_url())]
    if actor.may(Permission.FINDINGS_VIEW, subject.pk):
        url = pages.findings_url(organisation=subject.pk)
        buttons.insert(0, Button(label=gettext("All findings"), url=url, is_primary=True))
    return tuple(buttons)


def member_rows(*, actor: Actor, search: str = "") -> list[selectors.OrganisationStanding]:
    """Return how every member stands; for the operator's people."""
    if not actor.may_anywhere(Permission.SECTOR_VIEW):
        raise NotFound(_("No such page."))
    rows = selectors.member_standings(actor=actor, now=timezone.now())
    return [r for r in rows if search.casefold() in r.name.casefold()] if search else rows


class MemberFilters(FilterForm):
    """What the list of members can be narrowed by."""

    search = forms.CharField(label=_("Name"), max_length=100)


class Members(ListScreen):
    """The members as a map above the list."""

    template_name = "cockpit/members.html"

    def get(self, request: ActorRequest, **url: Any) -> HttpResponseBase:
        """Show the list; how members stand only to who may see findings."""
        if not selectors.sees_findings(actor=request.actor):
            self.columns = tuple(one for one in self.columns if one.name in WITHOUT_FINDINGS)
            self.order = "name"
        return super().get(request, **url)

    def shown(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().shown(*args, **kwargs)
        actor, now = self.request.actor, timezone.now()
        if not selectors.sees_findings(actor=actor):
            return context

        def make() -> dict[str, Any]:
            return {"map": pages.map_card(member_rows(actor=actor))}

        return {**context, **content_kept("members", make, actor=actor, now=now)}


class Search(Screen):
    """Finds what the rooms let be searched, by what is written."""

    template_name = "cockpit/search.html"
    title = _("Search")

    def get(self, request: ActorRequest) -> HttpResponse:
        wanted = printable(request.GET.get("q", "")).strip()[:200]
        if len(wanted) < SEARCH_LEAST:
            return self.show(wanted=wanted, groups=[])
        actor = request.actor
        groups = [
            (label, list(find(actor=actor, search=wanted)[:FOUND_MOST]))
            for label, find in searched()
        ]
        self.note_shown(row for _name, rows in groups for row in rows)
        found = [
            (name, [(row.get_absolute_url(), _found_text(row)) for row in rows])
            for name, rows in groups
            if rows
        ]
        return self.show(wanted=wanted, groups=found)


def searched() -> list[tuple[Any, Callable[..., Any]]]:
    """Return what is searched in each room: its name, and what finds it."""
    found = [(each, name) for name, room in rooms().items() for each in room.searched]
    found.sort(key=lambda pair: pair[0].place)
    return [(each.label, function(name, each.rows)) for each, name in found]


def _found_text(row: Any) -> str:
    """Return what a search calls a thing; a finding by its case, in words, and where it is."""
    if not isinstance(row, Finding):
        return str(row)
    return f"{row.case_number} {report_title(row.report)}: {row.subject}"


home = HomeScreen.as_view()
desk = PageScreen.as_view(
    title=_("Sector desk"), template_name="cockpit/desk.html", content=desk_page, label="AMBER"
)
member = DetailScreen.as_view(
    subject=organisation_get,
    called=_("The member's page"),
    template_name="cockpit/member.html",
    content=member_page,
    buttons=member_buttons,
    label="AMBER",
)
members = Members.as_view(
    title=_("Members"),
    selector=member_rows,
    filters=MemberFilters,
    columns=MEMBERS,
    order="-critical",
    version=findings_version,
    page_size=100,
    empty=EmptyState(
        title=_("No members yet"),
        text=_("A member is an organisation with an agreement in force."),
        action=_("Import a list"),
        url="/resources/import/",
        permission=Permission.ORGANISATIONS_CHANGE,
    ),
)
search = Search.as_view()
jobs = ListScreen.as_view(
    title=_("Jobs"),
    intro=_("What runs by the clock and in the background."),
    selector=run_list,
    permission=Permission.JOBS_RUN,
    columns=RUNS,
    empty=EmptyState(title=_("Nothing has run yet"), text=_("Start the worker: samsyn work.")),
)
