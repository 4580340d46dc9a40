from __future__ import annotations

import math
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.commands import command
from samsyn.access.limits import MEGABYTE, refuse_beyond, require_room, require_rough_room
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.access.versions import keep
from samsyn.documents.looks import TEMPLATE_MOST
from samsyn.documents.models import Document, DocumentKind, DocumentVersion, Label, Link
from samsyn.documents.receiving import ReceivedFile
from samsyn.documents.storage import storage
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.refs import ref_of
from samsyn.printing.slides import PPTX, template_check


@command(Permission.DOCUMENTS_ADD)
def document_add(
    *,
    actor: Actor,
    organisation: Any,
    content: ReceivedFile,
    title: str = "",
    kind: str = DocumentKind.OTHER,
    sharing_label: str = Label.AMBER,
    effective_on: date | None = None,
    retained_until: date | None = None,
    note: str = "",
    thing: Any = None,
    again: bool = False,
) -> Document:
    """Add a document with its first version, and attach it where it belongs.

    Args:
        organisation: whose evidence it is.
        content: the file, taken in by ``receiving.file_take``.
        title: what it is called; without one, the name of the file.
        effective_on: the day that it tells of.
        retained_until: the last day it must be kept.
        thing: what it is evidence of, of the same organisation.
        again: add it all the same when the organisation has the very same file already.

    Raises:
        AlreadyHere: the organisation has the same file, and not ``again``.
        RuleViolation: it is to be a template for slides, and is no PowerPoint file.

    """
    _require_room(organisation.pk, content)
    document = Document(
        organisation=organisation,
        title=title.strip() or content.file_name,
        kind=kind,
        sharing_label=sharing_label,
        effective_on=effective_on,
        retained_until=retained_until,
    )
    document.full_clean()
    _require_fit(kind, content)
    if not again:
        _require_other(actor, document, content)
    document.save()
    _new_version(actor, document, content, number=1, note=note)
    if thing is not None:
        _attach(actor, document, thing)
    return document


class AlreadyHere(RuleViolation):
    """The very same file is a document of the organisation already."""

    def __init__(self, document: Document) -> None:
        super().__init__(
            _("The same file is here already, as %s. Add it again only if it is to be two.")
            % document.title,
            field="file",
        )
        self.document = document


def _require_other(actor: Actor, document: Document, content: ReceivedFile) -> None:
    """Refuse what the organisation has, as far as the actor may see that it does."""
    rows = Document.objects.visible_to(actor).filter(organisation=document.organisation_id)
    same = rows.filter(versions__sha256=content.sha256).order_by("pk").first()
    if same is not None:
        raise AlreadyHere(same)


@command(Permission.DOCUMENTS_ADD)
def version_add(
    *, actor: Actor, document: Document, content: ReceivedFile, note: str = ""
) -> DocumentVersion:
    """Add a newer version; the older ones stay and can still be read.

    Raises:
        RuleViolation: it is the very same content as the newest version, or does not fit the
            kind of document.

    """
    _require_room(document.organisation_id, content)
    _require_fit(document.kind, content)
    newest = document.versions.select_for_update().order_by("-number").first()
    if newest is not None and newest.sha256 == content.sha256:
        raise RuleViolation(_("This is the same file as the newest version."), field="file")
    number = newest.number + 1 if newest else 1
    return _new_version(actor, document, content, number=number, note=note)


@command(Permission.DOCUMENTS_CHANGE)
def document_change(
    *, actor: Actor, document: Document, seen: int | None = None, **changes: Any
) -> Document:
    """Change what is said of a document: title, kind, label and dates; never its files.

    Raises:
        RuleViolation: its newest file does not fit the new kind.
        Conflict: somebody else has changed it since the version that was ``seen``.

    """
    allowed = {"title", "kind", "sharing_label", "effective_on", "retained_until"}
    for name in allowed & changes.keys():
        setattr(document, name, changes[name])
    if document.latest is not None:
        _require_fit(document.kind, document.latest)
    document.full_clean()
    keep(document, allowed, seen=seen)
    return document


@command(Permission.DOCUMENTS_ADD)
def document_attach(*, actor: Actor, document: Document, thing: Any) -> Link:
    """Attach a document to a thing of the same organisation as evidence.

    Raises:
        RuleViolation: it is another organisation's, or attached there already.

    """
    return _attach(actor, document, thing)


@command(Permission.DOCUMENTS_CHANGE)
def document_detach(*, actor: Actor, link: Link) -> None:
    """Take a document away from a thing; both stay, and the trail keeps that it was there."""
    link.delete()


@command(Permission.DOCUMENTS_CHANGE)
def document_remove(*, actor: Actor, document: Document, today: date) -> None:
    """Remove a document with all its versions; its files go with the next sweep.

    Raises:
        RuleViolation: it must be kept longer, or stands at something as evidence.

    """
    if document.retained_until is not None and document.retained_until >= today:
        raise RuleViolation(_("It must be kept until its date."))
    if document.links.exists():
        raise RuleViolation(_("It is evidence of something. Take it away there first."))
    document.latest = None
    document.delete()


def _require_room(organisation_id: int, content: ReceivedFile) -> None:
    """Require that one organisation does not fill the disk for the others."""
    its = DocumentVersion.unscoped.filter(  # scope: a number
        document__organisation=organisation_id
    )
    require_room("documents", its, of=organisation_id)
    with beyond_scope("says only how much there is"):
        size = its.aggregate(size=Sum("size", default=0))["size"] + content.size
    refuse_beyond("documents_mb", math.ceil(size / MEGABYTE), field="file")


def _require_fit(kind: str, content: ReceivedFile | DocumentVersion) -> None:
    """Refuse a template on which no slides can be made: else it is missed only when they are."""
    if kind != DocumentKind.TEMPLATE:
        return
    if content.media_type != PPTX:
        raise RuleViolation(_("A template for slides is a PowerPoint file (.pptx)."), field="file")
    if content.size > TEMPLATE_MOST:
        most = {"most": TEMPLATE_MOST // 1_000_000}
        said = _("A template for slides may have %(most)d MB at most.") % most
        raise RuleViolation(said, field="file")
    with storage().open(content.sha256) as file:
        template_check(file.read(TEMPLATE_MOST))


def _new_version(
    actor: Actor, document: Document, content: ReceivedFile, *, number: int, note: str
) -> DocumentVersion:
    version = DocumentVersion(
        document=document,
        number=number,
        sha256=content.sha256,
        size=content.size,
        media_type=content.media_type,
        file_name=content.file_name,
        is_scanned=content.is_scanned,
        note=note.strip(),
        uploaded_by=actor.label[:200],
    )
    version.full_clean()
    version.save()
    document.latest = version
    document.save(update_fields=["latest"])
    return version


def _attach(actor: Actor, document: Document, thing: Any) -> Link:
    if thing.owner_id != document.organisation_id:
        raise RuleViolation(_("Evidence and what it shows belong to the same organisation."))
    require_rough_room("links", document.links.all())
    ref = ref_of(thing)
    link = Link(document=document, kind=ref.kind, object_id=ref.pk, attached_by=actor.label[:200])
    link.full_clean()
    link.save()
    return link
