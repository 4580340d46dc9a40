from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from samsyn.kernel.refs import RefKind, ref_kind


class FindingsConfig(AppConfig):
    name = "samsyn.findings"

    def ready(self) -> None:
        """Let findings be pointed to: evidence hangs on them; and measured."""
        from samsyn.assets.sightings import register_sightings_reader
        from samsyn.findings.measured import measures_register
        from samsyn.findings.selectors import attributed_by_number_or_name, finding_get
        from samsyn.findings.texts import report_title

        measures_register()
        register_sightings_reader(attributed_by_number_or_name)
        ref_kind(
            RefKind(
                name="findings.Finding",
                word=_("finding"),
                get=finding_get,
                title=lambda finding: f"{report_title(finding.report)}: {finding.subject}",
            )
        )
