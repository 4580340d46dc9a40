from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samsyn.organisations.models import Organisation
from samsyn.ui.screens import Column

ORGANISATIONS = (
    Column(
        name="name",
        label=_("Name"),
        url=Organisation.get_absolute_url,
        note=lambda o: o.parent.name if o.parent else "",
        sort=("name",),
        is_fixed=True,
    ),
    Column(name="short_code", label=_("Code"), sort=("short_code",)),
    Column(name="kind", label=_("Kind"), value=lambda o: o.get_kind_display(), sort=("kind",)),
    Column(
        name="country",
        label=_("Country"),
        value=lambda o: o.get_country_display(),
        sort=("country",),
    ),
    Column(
        name="language",
        label=_("Language"),
        value=lambda o: o.get_language_display(),
        is_shown=False,
    ),
    Column(
        name="population",
        label=_("Inhabitants"),
        sort=("population",),
        is_numeric=True,
    ),
)
