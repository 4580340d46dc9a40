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
        name="organisation_number",
        label=_("Organisation number"),
        value=lambda o: o.organisation_number_shown,
        sort=("country", "organisation_number"),
        is_shown=False,
    ),
    Column(
        name="municipality_code",
        label=_("Municipality code"),
        sort=("country", "municipality_code"),
        is_shown=False,
    ),
    Column(
        name="population",
        label=_("Inhabitants"),
        sort=("population",),
        is_numeric=True,
    ),
)
