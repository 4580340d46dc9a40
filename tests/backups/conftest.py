"""A script that plays an installation is no test module."""

from __future__ import annotations

collect_ignore = ["installation.py"]
