from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.kernel.refs import RefKind, ref_kind


class ActionsConfig(AppConfig):
    name = "samsyn.actions"

    def ready(self) -> None:
        """Let actions and decisions be pointed to and measured, and say what they point to."""
        from samsyn.access.pointers import pointing
        from samsyn.actions.deciding import action_digest, decision_digest
        from samsyn.actions.decision_selectors import decision_get
        from samsyn.actions.measured import measures_register
        from samsyn.actions.models import Action, DecisionSubject
        from samsyn.actions.selectors import action_get

        measures_register()
        pointing(Action, kind="source_kind", pk="source_id")
        pointing(DecisionSubject, kind="kind", pk="object_id")
        ref_kind(
            RefKind(
                name="actions.Action",
                word=pgettext_lazy("work", "action"),
                get=action_get,
                digest=action_digest,
            )
        )
        ref_kind(
            RefKind(
                name="actions.Decision",
                word=_("decision"),
                get=decision_get,
                digest=decision_digest,
            )
        )
