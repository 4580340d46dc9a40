from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from samsyn.kernel.refs import RefKind, ref_kind


class IndicatorsConfig(AppConfig):
    """What is measured over time."""

    name = "samsyn.indicators"
    verbose_name = _("Indicators")

    def ready(self) -> None:
        """Let indicators and measurements be pointed to: evidence hangs on them."""
        from samsyn.indicators.selectors import indicator_get, measurement_get

        ref_kind(RefKind(name="indicators.Indicator", word=_("indicator"), get=indicator_get))
        ref_kind(RefKind(name="indicators.Measurement", word=_("measurement"), get=measurement_get))
