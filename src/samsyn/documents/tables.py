from __future__ import annotations

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from samsyn.documents.models import Document
from samsyn.ui.components import SharingLabel
from samsyn.ui.screens import Column


def _latest(name: str) -> Any:
    return lambda document: getattr(document.latest, name) if document.latest else ""


DOCUMENTS = (
    Column(
        name="title",
        label=_("Document"),
        url=Document.get_absolute_url,
        note=_latest("file_name"),
        sort=("title",),
        is_fixed=True,
    ),
    Column(name="kind", label=_("Kind"), value=lambda d: d.get_kind_display(), sort=("kind",)),
    Column(name="effective_on", label=_("Tells of"), sort=("effective_on",)),
    Column(name="file", label=_("File"), value=_latest("type_word")),
    Column(
        name="size",
        label=_("Size"),
        value=lambda d: d.latest.size if d.latest else None,
        cell=lambda d: filesizeformat(d.latest.size) if d.latest else "–",
        sort=("latest__size",),
        is_numeric=True,
    ),
    Column(
        name="organisation",
        label=_("Organisation"),
        value=lambda d: d.organisation.name,
        sort=("organisation__name",),
    ),
    Column(
        name="sharing_label",
        label=_("Label"),
        cell=lambda d: SharingLabel(label=d.sharing_label),
        sort=("sharing_label",),
        is_shown=False,
    ),
    Column(name="created_at", label=_("Added"), sort=("created_at",)),
    Column(name="retained_until", label=_("Kept until"), sort=("retained_until",), is_shown=False),
    Column(name="sha256", label=_("SHA-256"), value=_latest("sha256"), is_shown=False),
)
