"""Build the assets, message catalogues and the bill of materials into the wheel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BILL = "build/samsyn.cdx.json"


class AssetsHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch and build; an editable install has them from script/setup."""
        if version == "standard":
            for name in ("assets.py", "catalogues.py"):
                self._run(name)
            self._run("sbom.py", str(Path(self.root) / BILL))
            build_data["sbom_files"].append(BILL)

    def _run(self, name: str, *args: str) -> None:
        script = str(Path(self.root) / "script" / name)
        subprocess.run([sys.executable, script, *args], check=True)
