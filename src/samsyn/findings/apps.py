from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from samsyn.kernel.refs import RefKind, ref_kind


class FindingsConfig(AppConfig):
    name = "samsyn.findings"

    def ready(self) -> None:
        """Let findings be pointed to: actions come from them, evidence hangs on them."""
        from samsyn.findings.selectors import finding_get  # noqa: PLC0415  needs the models
        from samsyn.findings.texts import report_title  # noqa: PLC0415

        ref_kind(
            RefKind(
                name="findings.Finding",
                word=_("finding"),
                get=finding_get,
                title=lambda finding: f"{report_title(finding.report)}: {finding.subject}",
            )
        )
