# No postponed annotations here: the API reads them when the module is loaded.

from datetime import date, datetime
from typing import Annotated, Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, Schema, Status, UploadedFile
from ninja.pagination import paginate
from pydantic import Field

from samsyn.access.given import Given, OneOf, seen, unchanged
from samsyn.access.permissions import Permission
from samsyn.access.programs import Day, Id, Pages, ProgramRequest, UploadAllowed, needs, opened
from samsyn.documents import selectors, services
from samsyn.documents.models import Document, DocumentKind, Label
from samsyn.documents.receiving import file_take, size_limit, too_large
from samsyn.documents.sending import file_taken
from samsyn.kernel.errors import RuleViolation
from samsyn.kernel.refs import Ref, thing_at
from samsyn.organisations.selectors import organisation_for

router = Router()


class VersionOut(Schema):
    """One content of a document."""

    id: int
    number: int
    file_name: str
    media_type: str
    size: int
    sha256: str
    is_scanned: bool
    note: str
    uploaded_at: datetime
    uploaded_by: str


class DocumentOut(Schema):
    """A document as programs see it, with its newest version."""

    id: int
    organisation_id: int
    title: str
    kind: str
    sharing_label: str
    effective_on: date | None
    retained_until: date | None
    created_at: datetime
    version: int
    latest: VersionOut | None


class DocumentWithVersions(DocumentOut):
    """A document with all its versions and what it is attached to, as ``room.Model-id``."""

    versions: list[VersionOut]
    evidence_of: list[str]


class DocumentQuery(Schema):
    """Which documents are wanted."""

    organisation: Id | None = None
    kind: Annotated[str, OneOf(DocumentKind)] = ""
    search: str = Field("", max_length=120)
    unattached: bool = False


class DocumentIn(Given):
    """What is said of a new document; ``evidence_of`` is a thing, as ``actions.Action-12``.

    ``again`` adds a file that the organisation has already.
    """

    organisation_id: Id
    title: str = Field("", max_length=200)
    kind: str = Field("other", max_length=12)
    sharing_label: str = Field("AMBER", max_length=12)
    effective_on: Day | None = None
    retained_until: Day | None = None
    note: str = Field("", max_length=500)
    evidence_of: str = Field("", max_length=100)
    again: bool = False


class DocumentChange(Given):
    """What is said of a document, from ``version`` or what ``If-Match`` names."""

    title: str = Field("", max_length=200)
    kind: Annotated[str, OneOf(DocumentKind, may_be_empty=False)] = DocumentKind.OTHER
    sharing_label: Annotated[str, OneOf(Label, may_be_empty=False)] = Label.AMBER
    effective_on: Day | None = None
    retained_until: Day | None = None
    version: Id | None = None


class EvidenceIn(Given):
    """A thing that a document proves, as ``actions.Action-12``."""

    evidence_of: str = Field(min_length=1, max_length=100)


class VersionIn(Given):
    """What is said of a newer file."""

    note: str = Field("", max_length=500)


@router.get("", response=list[DocumentOut], summary="List documents")
@paginate(Pages)
@needs(Permission.DOCUMENTS_VIEW)
def document_list(request: ProgramRequest, wanted: Query[DocumentQuery]) -> Any:
    """Return documents, the newest first."""
    return selectors.document_list(actor=request.auth, **wanted.dict())


@router.post(
    "",
    response=DocumentWithVersions,
    summary="Add a document",
    auth=UploadAllowed(Permission.DOCUMENTS_ADD, size_limit),
)
@needs(Permission.DOCUMENTS_VIEW, Permission.DOCUMENTS_ADD)
def document_add(
    request: ProgramRequest,
    given: Form[DocumentIn],
    file: UploadedFile | None = File(None),  # type: ignore[type-arg]  # noqa: B008  ninja reads it so
) -> Any:
    """Add a file, sent as ``multipart/form-data``, as evidence."""
    actor = request.auth
    organisation = organisation_for(
        actor=actor, pk=given.organisation_id, permission=Permission.DOCUMENTS_ADD
    )
    facts = given.dict(exclude={"organisation_id", "evidence_of"})
    thing = None
    if given.evidence_of:
        thing = thing_at(Ref.read(given.evidence_of), actor=actor)
    content = _taken(request, file)
    made = services.document_add(
        actor=actor,
        organisation=organisation,
        content=content,
        thing=thing,
        **facts,
    )
    return _whole(request, made.pk)


@router.get("/{pk}", response=DocumentWithVersions, summary="Get a document")
@needs(Permission.DOCUMENTS_VIEW)
def document_get(request: ProgramRequest, pk: Id) -> Any:
    """Return one document with its versions."""
    return _whole(request, pk)


@router.patch("/{pk}", response=DocumentWithVersions, summary="Change a document")
@needs(Permission.DOCUMENTS_VIEW, Permission.DOCUMENTS_CHANGE)
def document_change(request: ProgramRequest, pk: Id, given: DocumentChange) -> Any:
    """Change what is said of a document; never its files."""
    found = selectors.document_get(actor=request.auth, pk=pk)
    services.document_change(
        actor=request.auth,
        document=found,
        seen=seen(request, found, given.version),
        **given.dict(exclude={"version"}, exclude_unset=True),
    )
    return _whole(request, pk)


@router.post("/{pk}/remove", response={204: None}, summary="Remove a document")
@needs(Permission.DOCUMENTS_VIEW, Permission.DOCUMENTS_CHANGE)
def document_remove(request: ProgramRequest, pk: Id) -> Any:
    """Remove a document whose time is over, with its files."""
    found = unchanged(request, selectors.document_get(actor=request.auth, pk=pk))
    services.document_remove(actor=request.auth, document=found, today=timezone.localdate())
    return Status(204, None)


@router.post("/{pk}/attach", response=DocumentWithVersions, summary="Attach a document")
@needs(Permission.DOCUMENTS_VIEW, Permission.DOCUMENTS_ADD)
def document_attach(request: ProgramRequest, pk: Id, given: EvidenceIn) -> Any:
    """Attach a document to a thing of the same organisation, as evidence."""
    actor = request.auth
    found = unchanged(request, selectors.document_get(actor=actor, pk=pk))
    thing = thing_at(Ref.read(given.evidence_of), actor=actor)
    services.document_attach(actor=actor, document=found, thing=thing)
    return _whole(request, pk)


@router.post("/{pk}/detach", response=DocumentWithVersions, summary="Detach a document")
@needs(Permission.DOCUMENTS_VIEW, Permission.DOCUMENTS_CHANGE)
def document_detach(request: ProgramRequest, pk: Id, given: EvidenceIn) -> Any:
    """Detach a document from a thing."""
    actor = request.auth
    found = unchanged(request, selectors.document_get(actor=actor, pk=pk))
    refs = selectors.evidence_refs(actor=actor, document=found)
    link = next((link for link, ref in refs if str(ref) == given.evidence_of), None)
    if link is None:
        raise RuleViolation(_("It is not attached there."), field="evidence_of")
    services.document_detach(actor=actor, link=link)
    return _whole(request, pk)


@router.post(
    "/{pk}/versions",
    response=DocumentWithVersions,
    summary="Add a version of a document",
    auth=UploadAllowed(Permission.DOCUMENTS_ADD, size_limit),
)
@needs(Permission.DOCUMENTS_VIEW, Permission.DOCUMENTS_ADD)
def version_add(
    request: ProgramRequest,
    pk: Id,
    given: Form[VersionIn],
    file: UploadedFile | None = File(None),  # type: ignore[type-arg]  # noqa: B008  ninja reads it so
) -> Any:
    """Add a newer file, sent as ``multipart/form-data``."""
    actor = request.auth
    found = unchanged(request, selectors.document_get(actor=actor, pk=pk))
    content = _taken(request, file)
    services.version_add(actor=actor, document=found, content=content, note=given.note)
    return _whole(request, pk)


def _taken(request: ProgramRequest, file: Any) -> Any:
    if getattr(request, "is_too_large", False):
        raise too_large()
    if file is None:
        raise RuleViolation(_("Send the file as the field 'file'."), field="file")
    return file_take(file)


@router.get("/{pk}/file", summary="Get a document's newest file")
@needs(Permission.DOCUMENTS_VIEW)
def document_file(request: ProgramRequest, pk: Id) -> StreamingHttpResponse:
    """Send the newest file of a document."""
    document = selectors.document_get(actor=request.auth, pk=pk)
    if document.latest is None:
        raise RuleViolation(_("It has no file."))
    return file_taken(request.auth, document.latest)


def _whole(request: ProgramRequest, pk: Id) -> Any:
    actor = request.auth
    found: Document = opened(request, selectors.document_get(actor=actor, pk=pk))
    refs = selectors.evidence_refs(actor=actor, document=found)
    return {
        **DocumentOut.from_orm(found).dict(),
        "versions": list(selectors.version_list(actor=actor, document=found)),
        "evidence_of": [str(ref) for _link, ref in refs],
    }
