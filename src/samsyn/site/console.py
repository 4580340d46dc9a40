"""The command ``samsyn``: Django's commands with our settings, and a home made before them."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

from samsyn.kernel.restoring import STAND_IN

CHECKOUT = Path(__file__).resolve().parents[3]
SECRETS = {"secret_key": "SAMSYN_SECRET_KEY", "trail_key": "SAMSYN_TRAIL_KEY"}
PRIVATE = 0o077  # what an installation keeps is for its own user alone
DISK_EXIT = 73  # sysexits EX_CANTCREAT, as DiskUnavailable has it
FOLDERS = ("store", "received", "inbox", "files", "packs", "cache", "static")
offered: dict[str, str] = {}  # by the file's name: keys that are not in the home yet


def home() -> Path:
    """Return the directory that this installation keeps everything in."""
    return Path(os.environ.get("SAMSYN_HOME") or CHECKOUT / "var").resolve()


def prepare_home() -> None:
    """Make the home; what is there already stays as it is."""
    place = home()
    place.mkdir(parents=True, exist_ok=True, mode=0o750)
    for folder in FOLDERS:
        (place / folder).mkdir(exist_ok=True, mode=0o750)


def offer_secrets() -> None:
    """Let the settings be read with new keys where there are none.

    ``setup`` writes them into the home once it has seen that the database needs no older ones.
    """
    for name, setting in SECRETS.items():
        if not (home() / name).exists() and not os.environ.get(setting):
            os.environ[setting] = offered[name] = secrets.token_urlsafe(64)


def write_secrets() -> None:
    """Write the new keys, so that only the owner can read them."""
    for name, secret in offered.items():
        handle = os.open(home() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secret)
    offered.clear()


def lend_secrets() -> None:
    """Let the settings be read where there are no keys yet: they come with the backup."""
    for name, setting in SECRETS.items():
        if not (home() / name).exists() and not os.environ.get(setting):
            os.environ[setting] = f"{STAND_IN}{secrets.token_urlsafe(64)}"


def main() -> None:
    """Run the command that was named."""
    os.umask(PRIVATE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.settings")
    if len(sys.argv) > 1 and sys.argv[1] == "setup":
        prepare_home()
        offer_secrets()
    if len(sys.argv) > 1 and sys.argv[1] == "restore":
        lend_secrets()
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415  settings come first
    from django.core.management import execute_from_command_line  # noqa: PLC0415  settings come first

    from samsyn.access.rows import set_default_scope  # noqa: PLC0415  settings come first

    set_default_scope(unscoped=True)  # whoever has the shell can read the database anyway
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Samsyn cannot start: {error}")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        _end_in_words(error)
        raise


def _end_in_words(error: Exception) -> None:
    """End with a sentence where the disk or the database is to blame, not with a traceback."""
    from django.db import OperationalError  # noqa: PLC0415  settings come first

    from samsyn.kernel.disk import is_denied, is_disk_failure  # noqa: PLC0415  seldom needed

    if is_disk_failure(error):
        where = f" ({error.filename}: {error.strerror})" if isinstance(error, OSError) else ""
        sys.stderr.write(f"The disk is full or cannot be written to{where}. Nothing was lost.\n")
        sys.exit(DISK_EXIT)
    if isinstance(error, OperationalError) or is_denied(error):
        first = str(error).partition("\n")[0]
        sys.exit(f"The database does not answer: {first}")


if __name__ == "__main__":
    main()
