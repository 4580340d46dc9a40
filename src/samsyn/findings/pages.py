"""What a finding's page is made of."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from samsyn.access.actor import Actor
from samsyn.access.commands import command_of
from samsyn.access.permissions import Permission
from samsyn.actions.pages import actions_panel, propose_url
from samsyn.documents.pages import evidence_panel
from samsyn.findings import services
from samsyn.findings.evidence import SeenFact, explained_tags, seen_facts
from samsyn.findings.models import AnswerKind, Finding
from samsyn.findings.rules import CAN_BE_ACKNOWLEDGED
from samsyn.findings.selectors import UNSOLVED_WORD, HistoryLine, finding_history, finding_list
from samsyn.findings.texts import advice, type_name
from samsyn.kernel.domains import readable_name
from samsyn.ui.components import Fact, FactList, Moment, Story, Tone
from samsyn.ui.components.base import joined
from samsyn.ui.deeds import who_text
from samsyn.ui.moments import day_text, moment_html
from samsyn.ui.screens import Button
from samsyn.ui.terms import explained

NEIGHBOURS_MOST = 8
SOUGHT_BY = {"tag": "tag", "cves": "cve", "product": "product"}  # names of the list's filters
EVENT_TONES = {
    "closed": Tone.SUCCESS,
    "reopened": Tone.DANGER,
    "opened": Tone.WARNING,
    "undelivered": Tone.DANGER,
}


def finding_page(*, actor: Actor, subject: Finding) -> dict[str, Any]:
    """Return what a finding's page shows."""
    text = advice(subject.report, taxonomy=subject.taxonomy, rsit_type=subject.rsit_type)
    return {
        "title": text.title,
        "advice": text,
        "lead": _lead(subject),
        "facts": FactList(
            facts=tuple(f for f in _facts(actor, subject) if f.value not in {None, ""})
        ),
        "seen": _seen(subject),
        "explained": explained_tags(subject),
        "story": Story(moments=tuple(_moments(actor, subject))),
        "neighbours": _neighbours(actor, subject),
        "actions": actions_panel(actor=actor, thing=subject),
        "evidence": evidence_panel(actor=actor, thing=subject),
    }


def finding_buttons(*, actor: Actor, subject: Finding) -> tuple[Button, ...]:
    """Return what this actor may do with a finding."""
    if not subject.is_unsolved:
        return ()
    buttons = []
    if command_of(services.finding_answer).allows(actor, subject):
        url = reverse("findings:answer", args=[subject.pk])
        buttons.append(Button(label=pgettext("to do", "Answer"), url=url, is_primary=True))
    takes_on = command_of(services.finding_acknowledge)
    if subject.state in CAN_BE_ACKNOWLEDGED and takes_on.allows(actor, subject):
        url = reverse("findings:acknowledge", args=[subject.pk])
        buttons.append(Button(label=_("Take it on"), url=url))
    if actor.may(Permission.ACTIONS_WORK, subject.organisation_id):
        buttons.append(Button(label=_("Make an action of it"), url=propose_url(subject)))
    return tuple(buttons)


def _lead(finding: Finding) -> str:
    port = _("port %d") % finding.port if finding.port else ""
    shown = readable_name(finding.subject)
    where = f"{shown}, {port}" if port else shown
    return f"{finding.organisation.name} · {where}"


def _facts(actor: Actor, finding: Finding) -> list[Fact]:
    return [
        Fact(name=_("Case"), value=finding.case_number),
        Fact(name=_("Member"), value=_owner(actor, finding)),
        Fact(name=_("Run by"), value=finding.operated_by or ""),
        Fact(name=_("Address or name"), value=readable_name(finding.subject)),
        Fact(name=_("Port"), value=_port(finding)),
        Fact(name=_("Host name"), value=readable_name(finding.host_name)),
        Fact(
            name=explained("rsit", _("Type")), value=type_name(finding.taxonomy, finding.rsit_type)
        ),
        Fact(name=_("First seen"), value=moment_html(finding.first_seen_at)),
        Fact(name=_("Last seen"), value=moment_html(finding.last_seen_at)),
        Fact(name=_("Times seen"), value=finding.times_seen),
        Fact(name=_("Answer"), value=_answer(finding)),
        Fact(name=explained("attribution", _("Attributed through")), value=_resource(finding)),
        Fact(name=_("Report"), value=format_html("<code>{}</code>", finding.report)),
    ]


def _owner(actor: Actor, finding: Finding) -> SafeString | str:
    """Return whose it is; who runs it for the owner has no page of the owner to go to."""
    owner = finding.organisation
    if not actor.may(Permission.ORGANISATIONS_VIEW, owner.pk):
        return owner.name
    return format_html('<a class="ds-link" href="{}">{}</a>', owner.get_absolute_url(), owner)


def _port(finding: Finding) -> str:
    if not finding.port:
        return ""
    return f"{finding.port}/{finding.protocol}" if finding.protocol else str(finding.port)


def _answer(finding: Finding) -> str:
    if not finding.answer_kind:
        return ""
    word = str(AnswerKind(finding.answer_kind).label)
    if not finding.answer_until:
        return word
    return _("%(answer)s, until %(day)s") % {
        "answer": word,
        "day": day_text(finding.answer_until),
    }


def _resource(finding: Finding) -> SafeString | str:
    if finding.resource is None:
        return ""
    return format_html(
        '<a class="ds-link" href="{}">{}</a>',
        finding.resource.get_absolute_url(),
        finding.resource,
    )


def _seen(finding: Finding) -> FactList:
    """Return what was seen; a tag or vulnerability leads to all that have it."""
    return seen_facts(finding, shown=_found)


def _found(seen: SeenFact) -> SafeString | str:
    """Return a value; by tag or vulnerability one finds who else has it."""
    if seen.name not in SOUGHT_BY:
        return seen.value
    path, asked = reverse("findings:list"), SOUGHT_BY[seen.name]
    values = seen.value.split(", ") if seen.name != "product" else [seen.value]
    links = (
        (f"{path}?{urlencode({asked: each, 'state': UNSOLVED_WORD})}", each) for each in values
    )
    return format_html_join(", ", '<a class="ds-link" href="{}">{}</a>', links)


def _moments(actor: Actor, finding: Finding) -> list[Moment]:
    lines = finding_history(actor=actor, finding=finding)
    return [
        Moment(
            at=line.at,
            text=_says(line),
            who=who_text(line.by),
            note=line.note,
            tone=EVENT_TONES.get(line.kind, Tone.INFO),
        )
        for line in reversed(lines)
    ]


def _says(line: HistoryLine) -> str:
    words = {
        "opened": _("Seen for the first time"),
        "closed": _("Closed: no longer in the reports"),
        "reopened": _("Opened again: it is back in the reports"),
        "told": _("The member was told"),
        "undelivered": _("The letter did not arrive: the member is to be told again"),
        "acknowledged": _("Somebody took it on"),
        "moved": _("It turned out to belong to somebody else"),
    }
    if line.kind == "answered" and line.answer_kind:
        return _("Answer: %s") % AnswerKind(line.answer_kind).label
    return words.get(line.kind, line.kind)


def _neighbours(actor: Actor, finding: Finding) -> SafeString | None:
    """Return the other findings on the same address, which are often mended in one go."""
    rows = finding_list(actor=actor, organisation=finding.organisation_id, state="unsolved").filter(
        subject=finding.subject
    )
    found = list(rows.exclude(pk=finding.pk)[:NEIGHBOURS_MOST])
    if not found:
        return None
    return format_html('<ul class="rows">{}</ul>', joined(map(_neighbour, found)))


def _neighbour(finding: Finding) -> SafeString:
    text = advice(finding.report, taxonomy=finding.taxonomy, rsit_type=finding.rsit_type)
    return format_html(
        '<li><a class="ds-link" href="{}">{}</a><span class="sub">{}</span></li>',
        finding.get_absolute_url(),
        text.title,
        _("port %d") % finding.port if finding.port else "",
    )
