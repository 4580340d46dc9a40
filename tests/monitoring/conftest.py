"""A script that is killed on purpose is no test module."""

from __future__ import annotations

collect_ignore = ["kill_at.py"]
