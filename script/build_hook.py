"""Build the assets and message catalogues into the wheel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Fetch and build; an editable install has them from script/setup."""
        if version == "standard":
            for name in ("assets.py", "catalogues.py"):
                subprocess.run([sys.executable, str(Path(self.root) / "script" / name)], check=True)
