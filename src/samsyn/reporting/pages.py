"""What management's page, a proposal's page and a meeting's page are made of."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.actions.pages import actions_panel, decisions_panel, propose_url
from samsyn.documents.pages import evidence_panel
from samsyn.kernel.errors import NotFound
from samsyn.kernel.refs import Ref, thing_at
from samsyn.maturity.content import level_names
from samsyn.organisations.models import Organisation
from samsyn.organisations.pages import offer_lines
from samsyn.reporting import selectors
from samsyn.reporting.content import duties_of
from samsyn.reporting.kept import picture_kept
from samsyn.reporting.models import DecisionProposal, Meeting
from samsyn.reporting.packs import pack_of
from samsyn.reporting.picture import AreaLevel, ManagementPicture, asked_of, light_words
from samsyn.reporting.rules import AreaLight
from samsyn.reporting.tables import meeting_tag, proposal_tag
from samsyn.ui.charts import LevelRow, levels_svg
from samsyn.ui.components import ChartCard, Fact, FactList
from samsyn.ui.components.numbers import shown
from samsyn.ui.deeds import who_text
from samsyn.ui.moments import day_text, moment_html
from samsyn.ui.screens import Button

QUESTIONS_MOST = 5
NARROW = 400.0
TONES = {
    AreaLight.ACT: "danger",
    AreaLight.WATCH: "warning",
    AreaLight.GOOD: "success",
    AreaLight.UNKNOWN: "neutral",
}


def management_page(*, actor: Actor, subject: Organisation) -> dict[str, Any]:
    """Return management's page of an organisation."""
    today = timezone.localdate()
    may_lead = actor.may(Permission.REPORTING_LEAD, subject.pk)
    whose: dict[str, Any] = {"actor": actor, "organisation": subject.pk}
    return {
        **picture_parts(picture_kept(actor=actor, organisation=subject, today=today)),
        "title": gettext("The state of our security work"),
        "may_lead": may_lead,
        "may_ask": actor.may(Permission.REPORTING_ASK, subject.pk),
        "may_decide": actor.may(Permission.DECISIONS_RECORD, subject.pk),
        "asked": list(selectors.question_list(**whose)[:QUESTIONS_MOST]),
        "draft": selectors.target_draft(**whose),
        "next_meeting": selectors.meeting_next(**whose),
        "last_meeting": selectors.meeting_last(**whose),
        "offers": offer_lines(actor=actor, organisation=subject),
        "duties": duties_of(subject.country),
        "ask_url": reverse("management:ask", args=[subject.pk]),
    }


def picture_parts(picture: ManagementPicture) -> dict[str, Any]:
    """Return a picture as a template shows it: with tones, costs in figures and its chart."""
    words = light_words()
    return {
        "picture": picture,
        "areas": [
            {
                "area": area,
                "tone": TONES[AreaLight(area.light)],
                "facts": [(fact, words[fact.light]) for fact in area.facts],
            }
            for area in picture.areas
        ],
        "proposals": [
            {"it": each, "cost": shown(each.cost) if each.cost is not None else ""}
            for each in picture.proposals
        ],
        "levels": levels_card(picture.levels),
    }


def levels_card(levels: list[AreaLevel]) -> ChartCard | None:
    """Return how mature the areas are, last time and where one wants to be; None without any."""
    if not levels:
        return None
    rows = [LevelRow(name=r.name, today=r.today, last=r.last, target=r.target) for r in levels]
    names, title = list(level_names().values()), _("How mature we are")
    return ChartCard(
        title=title,
        draw=lambda width: levels_svg(
            rows,
            names if width > NARROW else [""] * 4,
            title=title,
            width=width,
        ),
        reading=_("Filled: today. Hollow: last time. Flag: where we want to be."),
        heads=(_("Area"), _("Today"), _("Last time"), _("Target")),
        rows=tuple((r.name, r.today or "–", r.last or "–", r.target or "–") for r in levels),
        width=680,
    )


def management_buttons(*, actor: Actor, subject: Organisation) -> tuple[Button, ...]:
    """Return what this actor may do from management's page."""
    buttons = []
    if actor.may(Permission.REPORTING_LEAD, subject.pk):
        url = reverse("management:propose", args=[subject.pk])
        buttons.append(Button(label=_("Ask for a decision"), url=url, is_primary=True))
        url = f"{reverse('management:meeting-new')}?organisation={subject.pk}"
        buttons.append(Button(label=_("Prepare a meeting"), url=url))
    elif actor.may(Permission.REPORTING_ASK, subject.pk):
        url = reverse("management:ask", args=[subject.pk])
        buttons.append(Button(label=_("Ask the CISO"), url=url))
    url = f"{reverse('management:meetings')}?organisation={subject.pk}"
    buttons.append(Button(label=_("Meetings"), url=url))
    return tuple(buttons)


def proposal_page(*, actor: Actor, subject: DecisionProposal) -> dict[str, Any]:
    """Return the page of a proposal."""
    return {
        "badge": proposal_tag(subject),
        "it": asked_of(subject),
        "facts": FactList(facts=_proposal_facts(actor, subject)),
        "decisions": decisions_panel(actor=actor, thing=subject),
        "evidence": evidence_panel(actor=actor, thing=subject),
        "may_decide": subject.is_waiting
        and actor.may(Permission.DECISIONS_RECORD, subject.organisation_id),
    }


def _proposal_facts(actor: Actor, subject: DecisionProposal) -> tuple[Fact, ...]:
    facts = (
        Fact(name=_("Needed by"), value=day_text(subject.needed_by) if subject.needed_by else ""),
        Fact(name=_("Cost"), value=shown(subject.cost) if subject.cost is not None else ""),
        Fact(name=_("Comes from"), value=_source(actor, subject)),
        Fact(name=_("Asked by"), value=who_text(subject.asked_by)),
        Fact(name=_("Asked"), value=moment_html(subject.asked_at)),
        Fact(name=_("Meeting"), value=str(subject.meeting or "")),
        Fact(name=_("Organisation"), value=subject.organisation.name),
    )
    return tuple(fact for fact in facts if fact.value)


def _source(actor: Actor, subject: DecisionProposal) -> str:
    if subject.source_id is None:
        return ""
    try:
        thing_at(Ref(subject.source_kind, subject.source_id), actor=actor)
    except NotFound:
        return _("%s (no longer here)") % subject.source_text
    return subject.source_text


def proposal_buttons(*, actor: Actor, subject: DecisionProposal) -> tuple[Button, ...]:
    """Return what this actor may do with a proposal."""
    if not subject.is_waiting:
        return ()
    buttons, pk = [], subject.pk
    if actor.may(Permission.DECISIONS_RECORD, subject.organisation_id):
        url = reverse("management:decide", args=[pk])
        buttons.append(Button(label=_("Decide"), url=url, is_primary=True))
    if actor.may(Permission.REPORTING_LEAD, subject.organisation_id):
        buttons.append(
            Button(label=_("Change"), url=reverse("management:proposal-change", args=[pk]))
        )
        buttons.append(Button(label=_("Withdraw"), url=reverse("management:withdraw", args=[pk])))
    return tuple(buttons)


def meeting_page(*, actor: Actor, subject: Meeting) -> dict[str, Any]:
    """Return the page of a meeting: agenda, minutes, what was decided and agreed."""
    may_lead = actor.may(Permission.REPORTING_LEAD, subject.organisation_id)
    return {
        "badge": meeting_tag(subject),
        "items": selectors.item_list(actor=actor, meeting=subject),
        "facts": FactList(facts=_meeting_facts(subject)),
        "proposals": _in_meeting(actor, subject),
        "actions": actions_panel(actor=actor, thing=subject),
        "evidence": evidence_panel(actor=actor, thing=subject, title=_("Files of the meeting")),
        "may_lead": may_lead,
        "may_write": may_lead and not subject.is_frozen,
        "propose_url": propose_url(subject)
        if actor.may(Permission.ACTIONS_WORK, subject.organisation_id)
        else "",
    }


def _in_meeting(actor: Actor, meeting: Meeting) -> list[tuple[DecisionProposal, Any]]:
    rows = selectors.proposal_list(actor=actor, organisation=meeting.organisation_id)
    return [
        (proposal, proposal_tag(proposal))
        for proposal in rows
        if proposal.meeting_id == meeting.pk or (proposal.is_waiting and not meeting.is_frozen)
    ]


def _meeting_facts(meeting: Meeting) -> tuple[Fact, ...]:
    time = meeting.begins_at.strftime("%H:%M") if meeting.begins_at else ""
    facts = (
        Fact(name=_("Day of the meeting"), value=day_text(meeting.held_on), note=time),
        Fact(name=_("Place"), value=meeting.place),
        Fact(name=_("Chair"), value=meeting.chair),
        Fact(name=_("Participants"), value=", ".join(meeting.names)),
        Fact(name=_("Frozen"), value=moment_html(meeting.frozen_at) if meeting.frozen_at else ""),
        Fact(name=_("Checksum"), value=meeting.digest[:16]),
    )
    return tuple(fact for fact in facts if fact.value)


def meeting_buttons(*, actor: Actor, subject: Meeting) -> tuple[Button, ...]:
    """Return what this actor may do with a meeting."""
    pk = subject.pk
    buttons = [
        Button(label=_("The pack"), url=reverse("management:pack", args=[pk]), is_primary=True)
    ]
    if actor.may(Permission.REPORTING_LEAD, subject.organisation_id) and not subject.is_frozen:
        buttons.append(
            Button(label=_("Change"), url=reverse("management:meeting-change", args=[pk]))
        )
        buttons.append(
            Button(label=_("Close and freeze"), url=reverse("management:freeze", args=[pk]))
        )
    return tuple(buttons)


def pack_page(*, actor: Actor, subject: Meeting) -> dict[str, Any]:
    """Return the pack of a meeting as a page."""
    language = get_language() or subject.language
    pack = pack_of(actor=actor, meeting=subject, language=language, today=timezone.localdate())
    return {
        **picture_parts(pack.picture),
        "pack": pack,
        "title": subject.title,
        "tasks": [
            (t, day_text(date.fromisoformat(t.due_on)) if t.due_on else "")
            for t in pack.minutes.tasks
        ],
    }


def pack_buttons(*, actor: Actor, subject: Meeting) -> tuple[Button, ...]:
    """Return the forms in which the pack can be taken away."""
    del actor
    return (
        Button(
            label=_("Slides"), url=reverse("management:slides", args=[subject.pk]), is_primary=True
        ),
        Button(label=_("PDF"), url=reverse("management:pdf", args=[subject.pk])),
    )
