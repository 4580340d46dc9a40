from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from samsyn.kernel.refs import RefKind, ref_kind


class AnnualWheelConfig(AppConfig):
    """The year of security work."""

    name = "samsyn.annual_wheel"
    verbose_name = _("Annual wheel")

    def ready(self) -> None:
        """Let activities and their turns be pointed to: evidence hangs on them, actions follow."""
        from samsyn.annual_wheel.content import occurrence_title
        from samsyn.annual_wheel.measured import measures_register
        from samsyn.annual_wheel.selectors import activity_get, occurrence_get

        measures_register()
        ref_kind(RefKind(name="annual_wheel.Activity", word=_("activity"), get=activity_get))
        ref_kind(
            RefKind(
                name="annual_wheel.Occurrence",
                word=_("turn of an activity"),
                get=occurrence_get,
                title=occurrence_title,
            )
        )
