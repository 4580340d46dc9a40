from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from samsyn.kernel.refs import RefKind, ref_kind


class ReportingConfig(AppConfig):
    """Management's page, its meeting and its pack."""

    name = "samsyn.reporting"
    verbose_name = _("Management")

    def ready(self) -> None:
        """Let proposals and target pictures be decided on, and meetings be pointed to."""
        from samsyn.access.pointers import pointing
        from samsyn.reporting import selectors
        from samsyn.reporting.models import DecisionProposal

        pointing(DecisionProposal, kind="source_kind", pk="source_id")
        ref_kind(
            RefKind(
                name="reporting.DecisionProposal",
                word=_("proposal for decision"),
                get=selectors.proposal_get,
                digest=selectors.proposal_digest,
            )
        )
        ref_kind(
            RefKind(
                name="reporting.TargetPicture",
                word=_("target picture"),
                get=selectors.target_get,
                digest=selectors.target_digest,
            )
        )
        ref_kind(
            RefKind(
                name="reporting.Meeting",
                word=_("management's meeting"),
                get=selectors.meeting_get,
            )
        )
