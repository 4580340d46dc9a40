from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from samsyn.kernel.refs import RefKind, ref_kind


class MaturityConfig(AppConfig):
    """The maturity dialogue."""

    name = "samsyn.maturity"
    verbose_name = _("Maturity dialogue")

    def ready(self) -> None:
        """Let dialogues be pointed to: actions come from them; and measured."""
        from samsyn.maturity.content import area_spoken
        from samsyn.maturity.measured import measures_register
        from samsyn.maturity.selectors import dialogue_get
        from samsyn.ui.thing_names import spoken

        measures_register()
        spoken("maturity.DialogueArea", area_spoken)
        ref_kind(RefKind(name="maturity.Dialogue", word=_("maturity dialogue"), get=dialogue_get))
