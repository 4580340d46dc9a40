"""What a document's page is made of, and the panel of evidence on the page of any thing."""

from __future__ import annotations

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.access.reading import DOWNLOADED, REFUSED
from samsyn.audit.selectors import entries_of, entry_last, event_last
from samsyn.documents.models import Document, DocumentVersion, Link
from samsyn.documents.selectors import evidence_list, evidence_refs, version_list
from samsyn.kernel.errors import NotFound
from samsyn.kernel.refs import KINDS, Ref, ref_of, thing_at
from samsyn.ui.components import EmptyState, Fact, FactList, Panel, Story
from samsyn.ui.components.base import joined
from samsyn.ui.deeds import trail_story, who_text
from samsyn.ui.moments import day_text, moment_html
from samsyn.ui.screens import Button

PLACES_MOST = 25
EVENTS_MOST = 20


def document_page(*, actor: Actor, subject: Document) -> dict[str, Any]:
    """Return what a document's page shows."""
    versions = list(version_list(actor=actor, document=subject))
    return {
        "versions": _rows(map(_version, versions)),
        "places": _places(actor, subject),
        "facts": FactList(facts=_facts(subject)),
        "story": _story(actor, subject),
        "is_damaged": is_known_damaged(subject),
    }


def is_known_damaged(document: Document) -> bool:
    """Return whether the newest file was refused last, or the check since then found it so."""
    file = document.latest
    if file is None:
        return False
    events = (DOWNLOADED, REFUSED)
    last = event_last(document._meta.label, document.pk, events, kept_as=file.file_name)
    if last is not None and last.action == REFUSED:
        return True
    check = entry_last("backups.files_check")
    if check is None or (last is not None and last.number > check.number):
        return False
    return any(n.startswith(f"evidence {file.sha256}:") for n in check.changes.get("named", ()))


def document_buttons(*, actor: Actor, subject: Document) -> tuple[Button, ...]:
    """Return what this actor may do with a document."""
    buttons = []
    if subject.latest_id:
        url = reverse("documents:download", args=[subject.latest_id])
        buttons.append(Button(label=_("Download"), url=url, is_primary=True))
    for permission, name, label in (
        (Permission.DOCUMENTS_ADD, "version-add", _("Add a newer version")),
        (Permission.DOCUMENTS_CHANGE, "change", _("Change")),
        (Permission.DOCUMENTS_CHANGE, "remove", _("Remove")),
    ):
        if actor.may(permission, subject.organisation_id):
            buttons.append(Button(label=label, url=reverse(f"documents:{name}", args=[subject.pk])))
    return tuple(buttons)


def evidence_panel(*, actor: Actor, thing: Any, title: str = "") -> Panel | None:
    """Return the evidence of a thing, with the way to add some; None for whom may not see any."""
    if not actor.may(Permission.DOCUMENTS_VIEW, thing.owner_id):
        return None
    may_change = actor.may(Permission.DOCUMENTS_CHANGE, thing.owner_id)
    links = list(evidence_list(actor=actor, thing=thing))
    add = ""
    if actor.may(Permission.DOCUMENTS_ADD, thing.owner_id):
        add = _ways_to_add(thing)
    body: object = _rows(_evidence(link, may_change=may_change) for link in links)
    if not links:
        body = EmptyState(
            title=_("No evidence yet"),
            text=_("Minutes, a report, a picture or a log that shows how it is."),
        )
    return Panel(title=title or _("Evidence"), body=body, aside=add)


def _ways_to_add(thing: Any) -> SafeString:
    return format_html(
        '<span class="ways"><a class="ds-link" href="{0}?for={2}">{3}</a> '
        '<a class="ds-link" href="{1}?for={2}">{4}</a></span>',
        reverse("documents:create"),
        reverse("documents:attach"),
        ref_of(thing),
        _("Add a file"),
        _("Choose one that is here"),
    )


def _evidence(link: Link, *, may_change: bool) -> SafeString:
    document = link.document
    tells = _("tells of %s") % day_text(document.effective_on) if document.effective_on else ""
    away = ""
    if may_change:
        away = format_html(
            '<a class="ds-link" href="{}">{}<span class="sr">: {}</span></a>',
            reverse("documents:detach", args=[link.pk]),
            _("Detach"),
            document.title,
        )
    latest = document.latest
    parts = [document.get_kind_display(), latest.type_word if latest else "", tells]
    return format_html(
        '<span><a class="ds-link" href="{}">{}</a><span class="sub">{}</span></span>{}',
        document.get_absolute_url(),
        document.title,
        " · ".join(str(part) for part in parts if part),
        away,
    )


def _version(version: DocumentVersion) -> SafeString:
    scanned = " · " + _("no virus found") if version.is_scanned else ""
    return format_html(
        '<span><a class="ds-link" href="{}">{}</a>'
        '<span class="sub">{} · {} · {}{}</span>{}</span><span class="row-end">{}'
        '<span class="sub">{}</span></span>',
        reverse("documents:download", args=[version.pk]),
        version.file_name,
        _("version %d") % version.number,
        version.type_word,
        filesizeformat(version.size),
        scanned,
        format_html('<span class="sub">{}</span>', version.note) if version.note else "",
        moment_html(version.uploaded_at),
        who_text(version.uploaded_by),
    )


def _places(actor: Actor, document: Document) -> object:
    refs = evidence_refs(actor=actor, document=document)
    if not refs:
        return EmptyState(
            title=_("It stands at nothing yet"),
            text=_("Open an action or a finding and choose it there as evidence."),
        )
    shown = [row for _link, ref in refs[:PLACES_MOST] if (row := _place(actor, ref))]
    hidden = len(refs) - len(shown)
    more = ""
    if hidden:
        more = format_html('<p class="sub">{}</p>', _("and %d more that you do not see") % hidden)
    return format_html("{}{}", _rows(shown), more)


def _place(actor: Actor, ref: Ref) -> SafeString | None:
    try:
        thing = thing_at(ref, actor=actor)
    except NotFound:
        return None
    return format_html(
        '<span><a class="ds-link" href="{}">{}</a><span class="sub">{}</span></span>',
        thing.get_absolute_url(),
        thing,
        KINDS[ref.kind].word,
    )


def _facts(document: Document) -> tuple[Fact, ...]:
    latest = document.latest
    facts = (
        Fact(name=_("Kind"), value=document.get_kind_display()),
        Fact(name=_("Organisation"), value=document.organisation.name),
        Fact(name=_("Tells of"), value=_day(document.effective_on)),
        Fact(name=_("Added"), value=moment_html(document.created_at)),
        Fact(name=_("Kept until"), value=_day(document.retained_until)),
        Fact(name="SHA-256", value=_digest(latest)),
    )
    return tuple(fact for fact in facts if fact.value)


def _digest(version: DocumentVersion | None) -> SafeString | str:
    return format_html('<code class="digest">{}</code>', version.sha256) if version else ""


def _day(day: Any) -> str:
    return day_text(day) if day else ""


def _story(actor: Actor, document: Document) -> Story | None:
    if not actor.may(Permission.TRAIL_VIEW, document.organisation_id):
        return None
    entries = entries_of(document._meta.label, document.pk)[:EVENTS_MOST]
    words = {
        "documents.document_add": _("Added"),
        "documents.document_change": _("What is said of it was changed"),
        "documents.version_add": _("A newer version was added"),
    }
    return trail_story(entries, actor=actor, begun_at=document.created_at, words=words)


def _rows(rows: Any) -> SafeString:
    items = joined(format_html("<li>{}</li>", row) for row in rows)
    return format_html('<ul class="rows">{}</ul>', items)
