"""Bring the message catalogues up to date with the texts in the code, or check that they are.

python script/messages.py         update src/samsyn/locale/{sv,nb} and list what lacks a translation
python script/messages.py --check change nothing; fail when anything is missing, fuzzy or unused
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent / "src/samsyn"
LANGUAGES = ("sv", "nb")
AFTER = " (Not there yet? .venv/bin/python script/messages.py puts every text in.)"
DROPPED = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Report-Msgid-Bugs-To")


def extract(package: Path) -> None:
    """Let gettext write each language's catalogue from the texts below ``package``."""
    command = [sys.executable, "-m", "django", "makemessages", "--no-location", "--no-wrap"]
    command += ["--no-obsolete", "--ignore=packs", "--ignore=static", "--verbosity=0"]
    for language in LANGUAGES:
        command += ["-l", language]
    (package / "locale").mkdir(exist_ok=True)
    plain = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=package, check=True, env=plain)
    for language in LANGUAGES:
        tidy(package / "locale" / language / "LC_MESSAGES/django.po")


def tidy(path: Path) -> None:
    """Keep the catalogue free of dates, so that it changes only when a text does."""
    catalogue = polib.pofile(str(path), wrapwidth=0)
    for name in DROPPED:
        catalogue.metadata.pop(name, None)
    catalogue.metadata["Language"] = path.parent.parent.name
    catalogue.metadata["Plural-Forms"] = "nplurals=2; plural=(n != 1);"
    catalogue.sort(key=lambda entry: (entry.msgctxt or "", entry.msgid))
    catalogue.save(str(path))


def faults(package: Path) -> list[str]:
    """Return what is missing or fuzzy, a line each."""
    lines = []
    for language in LANGUAGES:
        place = f"locale/{language}/LC_MESSAGES/django.po"
        catalogue = polib.pofile(str(package / place))
        missing, fuzzy = catalogue.untranslated_entries(), catalogue.fuzzy_entries()
        lines += [f"{language}: missing: {e.msgid!r}" for e in missing]
        lines += [f"{language}: fuzzy: {e.msgid!r}" for e in fuzzy]
        file = f"src/samsyn/{place}"
        if missing:
            lines.append(f"{language}: write each missing msgstr in {file}.{AFTER}")
        if fuzzy:
            lines.append(
                f"{language}: gettext has guessed what is fuzzy from a text that is like it: "
                f'correct its msgstr in {file} and delete its line "#, fuzzy".{AFTER}'
            )
    return lines


def check() -> list[str]:
    """Return what is wrong with the catalogues, working on a copy."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "samsyn"
        ignored = shutil.ignore_patterns("vendor", "__pycache__", "packs", "*.mo")
        shutil.copytree(PACKAGE, copy, ignore=ignored)
        before = {p.parent.parent.name: p.read_text() for p in copy.glob("locale/*/*/*.po")}
        extract(copy)
        lines = faults(copy)
        for language in LANGUAGES:
            now = (copy / "locale" / language / "LC_MESSAGES/django.po").read_text()
            if now != before.get(language) and not lines:
                lines.append(f"{language}: not up to date: run script/messages.py")
    return lines


def main() -> int:
    if "--check" in sys.argv:
        lines = check()
    else:
        extract(PACKAGE)
        lines = faults(PACKAGE)
    print("\n".join(lines) if lines else "Every text has its translations.")
    return 1 if lines and "--check" in sys.argv else 0


sys.exit(main())
