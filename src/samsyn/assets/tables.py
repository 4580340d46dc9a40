from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.assets.models import Resource
from samsyn.ui.components import Tag, Tone
from samsyn.ui.screens import Column


def _contest(resource: Resource) -> object:
    if not resource.is_contested:  # type: ignore[attr-defined]
        return ""
    return Tag(text=_("claimed by several"), tone=Tone.WARNING)


RESOURCES = (
    Column(
        name="value",
        label=_("Resource"),
        cell=str,
        url=Resource.get_absolute_url,
        sort=("value",),
        is_fixed=True,
    ),
    Column(name="kind", label=_("Kind"), value=lambda r: r.get_kind_display(), sort=("kind",)),
    Column(
        name="organisation",
        label=_("Owner"),
        value=lambda r: r.organisation.name,
        sort=("organisation__name", "kind", "value"),
    ),
    Column(
        name="operated_by",
        label=_("Run by"),
        value=lambda r: r.operated_by.name if r.operated_by else "",
        sort=("operated_by__name",),
    ),
    Column(
        name="contested",
        label=pgettext_lazy("resource", "Contested"),
        value=lambda r: r.is_contested,
        cell=_contest,
        sort=("-is_contested",),
    ),
    Column(
        name="source", label=_("Source"), value=lambda r: r.get_source_display(), is_shown=False
    ),
    Column(name="known_on", label=_("Date of the fact"), sort=("known_on",), is_shown=False),
)
