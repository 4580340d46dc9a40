"""The pages' files: collected once for each state of the code, and only ours compressed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

OURS = ("ui/", "vendor/", "django_htmx/htmx-2")


class PagesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Compresses what every page loads; the API's reference alone would take half a minute."""

    def compress_files(self, paths: Any) -> Iterator[Any]:
        """Yield what was compressed among our own files."""
        yield from super().compress_files([path for path in paths if path.startswith(OURS)])


def collect() -> bool:
    """Collect the files into SAMSYN_HOME unless they are there already; return whether it did."""
    kept = Path(settings.STATIC_ROOT) / ".state"
    state = _state()
    if kept.exists() and kept.read_text() == state:
        return False
    call_command("collectstatic", verbosity=0, interactive=False)
    kept.write_text(state)
    return True


def _state() -> str:
    """Return a digest of the name, size and time of every file that would be collected."""
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda pair: pair[0]):
            stat = Path(storage.path(name)).stat()
            found.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return found.hexdigest()
