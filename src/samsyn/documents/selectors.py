from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.documents.models import Document, DocumentVersion, Link
from samsyn.kernel.errors import NotFound
from samsyn.kernel.refs import Ref, ref_of


def document_list(
    *,
    actor: Actor,
    organisation: int | None = None,
    kind: str = "",
    search: str = "",
    unattached: bool = False,
    kept_until: date | None = None,
) -> QuerySet[Document]:
    """Return documents, the newest first.

    Args:
        actor: sees those of its organisations.
        organisation: id of the owner.
        kind: one of Kind.
        search: part of a title or file name.
        unattached: only those that stand at nothing.
        kept_until: only those whose last day is before this one.

    """
    rows = Document.objects.visible_to(actor).select_related("organisation", "latest")
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    if kind:
        rows = rows.filter(kind=kind)
    if search:
        rows = rows.filter(title__icontains=search) | rows.filter(
            latest__file_name__icontains=search
        )
    if unattached:
        rows = rows.filter(~Exists(_links(document=OuterRef("pk"))))
    if kept_until is not None:
        rows = rows.filter(retained_until__lt=kept_until)
    return rows


def document_get(*, actor: Actor, pk: int) -> Document:
    """Return one document.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    found = document_list(actor=actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such document."))
    return found


def version_list(*, actor: Actor, document: Document) -> QuerySet[DocumentVersion]:
    """Return the versions of a document, the newest first."""
    return DocumentVersion.objects.visible_to(actor).filter(document=document)


def version_get(*, actor: Actor, pk: int) -> DocumentVersion:
    """Return one version of a document.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    rows = DocumentVersion.objects.visible_to(actor).select_related("document__organisation")
    found: DocumentVersion | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such file."))
    return found


def link_list(*, actor: Actor, document: Document) -> QuerySet[Link]:
    """Return what a document is attached to, the latest first."""
    return Link.objects.visible_to(actor).filter(document=document)


def link_get(*, actor: Actor, pk: int) -> Link:
    """Return one attachment.

    Raises:
        NotFound: there is none with this id, or the actor may not see it.

    """
    rows = Link.objects.visible_to(actor).select_related("document__organisation")
    found: Link | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("No such attachment."))
    return found


def evidence_list(*, actor: Actor, thing: Any) -> QuerySet[Link]:
    """Return what is attached to a thing, the latest first, with documents and versions."""
    ref = ref_of(thing)
    rows = Link.objects.visible_to(actor).filter(kind=ref.kind, object_id=ref.pk)
    return rows.select_related("document__organisation", "document__latest")


def evidence_possible(*, actor: Actor, thing: Any) -> QuerySet[Document]:
    """Return the documents of a thing's organisation that are not attached to it yet."""
    ref = ref_of(thing)
    there = _links(document=OuterRef("pk"), kind=ref.kind, object_id=ref.pk)
    rows = document_list(actor=actor, organisation=thing.owner_id)
    return rows.filter(~Exists(there)).order_by("-created_at", "-pk")


def evidence_refs(*, actor: Actor, document: Document) -> list[tuple[Link, Ref]]:
    """Return what a document is attached to, as pointers."""
    links = link_list(actor=actor, document=document)
    return [(link, Ref(link.kind, link.object_id)) for link in links]


def _links(**where: Any) -> QuerySet[Link]:
    return Link.unscoped.filter(**where)  # scope: asked of documents already in scope


def contents_named(sha256s: list[str]) -> set[str]:
    """Return which of these contents some version still names; for the sweep."""
    rows = DocumentVersion.unscoped.filter(  # scope: digests only
        sha256__in=sha256s
    )
    return set(rows.values_list("sha256", flat=True))
