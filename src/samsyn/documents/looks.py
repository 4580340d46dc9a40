"""The organisation's own look: a PowerPoint file among its documents, of the kind "template"."""

from __future__ import annotations

from samsyn.access.actor import Actor
from samsyn.documents.models import DocumentKind
from samsyn.documents.selectors import document_list
from samsyn.documents.storage import storage
from samsyn.printing.slides import PPTX

TEMPLATE_MOST = 30_000_000  # bytes


def slides_template(*, actor: Actor, organisation: int) -> bytes | None:
    """Return the newest template for slides of an organisation, or None.

    Args:
        actor: sees the organisation's documents; whoever does not gets Samsyn's own look.
        organisation: id of the organisation.

    Raises:
        KeptDamaged: the file is missing or has been altered.

    """
    rows = document_list(actor=actor, organisation=organisation, kind=DocumentKind.TEMPLATE)
    found = rows.filter(latest__media_type=PPTX, latest__size__lte=TEMPLATE_MOST).first()
    if found is None or found.latest is None:
        return None
    with storage().open(found.latest.sha256) as file:
        return file.read(TEMPLATE_MOST)
