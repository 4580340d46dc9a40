from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.assets.models import ClaimState, Resource, reason_texts
from samsyn.ui.components import Tag, Tone
from samsyn.ui.deeds import who_text
from samsyn.ui.screens import Column


def _contest(resource: Resource) -> object:
    if not resource.is_contested:  # type: ignore[attr-defined]  # resource_list annotates it
        return ""
    return Tag(text=_("claimed by several"), tone=Tone.WARNING)


TONES = {
    ClaimState.REQUESTED: Tone.INFO,
    ClaimState.CONFIRMED: Tone.NEUTRAL,
    ClaimState.REFUSED: Tone.WARNING,
}


def state_tag(resource: Resource) -> Tag:
    """Return what has become of a claim."""
    state = ClaimState(resource.state)
    return Tag(text=state.label, tone=TONES[state])


def _why(resource: Resource) -> str:
    return "; ".join(str(text) for text in reason_texts(resource))


def _ground(resource: Resource) -> str:
    return ": ".join(filter(None, [resource.get_ground_kind_display(), resource.ground]))


WHAT = (
    Column(
        name="value",
        label=_("Resource"),
        cell=str,
        url=Resource.get_absolute_url,
        sort=("value",),
        is_fixed=True,
    ),
    Column(name="kind", label=_("Kind"), value=lambda r: r.get_kind_display(), sort=("kind",)),
)
RESOURCES = (
    *WHAT,
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
        name="state",
        label=_("State"),
        value=lambda r: r.get_state_display(),
        cell=state_tag,
        sort=("state",),
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

REQUESTS = (
    *WHAT,
    Column(
        name="organisation",
        label=_("Requested for"),
        value=lambda r: r.organisation.name,
        sort=("organisation__name", "kind", "value"),
    ),
    Column(name="why", label=_("Why it waits"), value=_why),
    Column(
        name="registered_by",
        label=_("Registered by"),
        value=lambda r: who_text(r.registered_by),
        sort=("registered_by",),
    ),
    Column(name="registered_at", label=_("Registered"), sort=("registered_at",)),
    Column(name="known_on", label=_("Date of the fact"), sort=("known_on",)),
    Column(
        name="source", label=_("Source"), value=lambda r: r.get_source_display(), is_shown=False
    ),
    Column(name="note", label=_("Note"), is_shown=False),
)

# The claims that one meets: the same facts of each.
CLAIMS = (
    Column(name="organisation", label=_("Owner"), value=lambda r: r.organisation.name),
    Column(name="value", label=_("Resource"), cell=str, url=Resource.get_absolute_url),
    Column(name="kind", label=_("Kind"), value=lambda r: r.get_kind_display()),
    Column(
        name="overlap",
        label=_("Why another has it too"),
        value=lambda r: r.get_overlap_display(),
    ),
    Column(
        name="registered_by", label=_("Registered by"), value=lambda r: who_text(r.registered_by)
    ),
    Column(name="registered_at", label=_("Registered")),
    Column(name="state", label=_("State"), value=lambda r: r.get_state_display(), cell=state_tag),
    Column(name="ground", label=_("Ground"), value=_ground),
    Column(name="source", label=_("Source"), value=lambda r: r.get_source_display()),
    Column(name="known_on", label=_("Date of the fact")),
    Column(name="note", label=_("Note")),
)
