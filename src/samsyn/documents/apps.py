from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from samsyn.kernel.refs import RefKind, ref_kind


class DocumentsConfig(AppConfig):
    name = "samsyn.documents"

    def ready(self) -> None:
        """Let documents be decided on: a decision is bound to the content of the newest version."""
        from samsyn.access.pointers import pointing
        from samsyn.documents.models import Link
        from samsyn.documents.selectors import document_get

        pointing(Link, kind="kind", pk="object_id")
        ref_kind(
            RefKind(
                name="documents.Document",
                word=_("document"),
                get=document_get,
                digest=lambda document: document.latest.sha256 if document.latest else "",
            )
        )
