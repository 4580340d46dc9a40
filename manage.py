"""Run Django's commands from a checkout; the installed command is ``samsyn``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from samsyn.site.console import main

main()
