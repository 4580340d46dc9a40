"""Read the locks: every package that Samsyn is built from, with version and hashes.

Plain Python without dependencies: the build hook, the audit and the list of licences use it.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements"
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
# In this order: a package that several locks hold counts as the first.
GROUPS = {
    "base": "runs on the server",
    "npm": "served to browsers",
    "build": "builds",
    "node": "builds",
    "uv": "builds",
    "dev": "tests",
}
SHIPPED = ("base", "npm")


@dataclass(frozen=True)
class Package:
    """One package of a lock; ``hashes`` are pairs of algorithm and hex digest."""

    kind: str
    name: str
    version: str
    group: str
    hashes: tuple[tuple[str, str], ...]
    licence: str = ""
    needs: tuple[str, ...] = ()

    @property
    def purl(self) -> str:
        """Return the package URL; the @ of an npm scope is written %40."""
        return f"pkg:{self.kind}/{quote(self.name, safe='/')}@{self.version}"


def every_package() -> list[Package]:
    """Return each package once, by group, kind and name.

    Raises:
        ValueError: a package is pinned without a hash, or twice with different versions.

    """
    known: dict[tuple[str, str], Package] = {}
    for group in GROUPS:
        for package in npm_packages() if group == "npm" else python_packages(group):
            first = known.setdefault((package.kind, package.name), package)
            if not package.hashes or first.version != package.version:
                raise ValueError(f"{package.name} has no hash, or two versions, in the locks")
    return sorted(known.values(), key=lambda p: (list(GROUPS).index(p.group), p.kind, p.name))


def python_packages(group: str) -> list[Package]:
    """Return the packages of requirements/GROUP.txt."""
    text = (REQUIREMENTS / f"{group}.txt").read_text()
    pins = list(PIN.finditer(text))
    ends = [pin.start() for pin in pins[1:]] + [len(text)]
    return [
        Package("pypi", pin[1], pin[2], group, _sha256(text[pin.end() : end]))
        for pin, end in zip(pins, ends, strict=True)
    ]


def _sha256(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(("SHA-256", digest) for digest in sorted(HASH.findall(text)))


def npm_packages() -> list[Package]:
    """Return the packages of package-lock.json."""
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return [
        Package(
            kind="npm",
            name=path.rpartition("node_modules/")[2],
            version=entry["version"],
            group="npm",
            hashes=_integrity(entry["integrity"]),
            licence=entry["license"],
            needs=tuple(sorted(entry.get("dependencies", {}))),
        )
        for path, entry in sorted(lock.items())
        if path
    ]


def _integrity(text: str) -> tuple[tuple[str, str], ...]:
    algorithm, _, digest = text.partition("-")
    return (({"sha512": "SHA-512"}[algorithm], base64.b64decode(digest).hex()),)


def asked_for() -> tuple[list[str], list[str]]:
    """Return the names that we ask for ourselves: of Python, and of npm."""
    lines = (REQUIREMENTS / "base.in").read_text().splitlines()
    words = [re.match(r"[A-Za-z0-9._-]+", line) for line in lines]
    python = sorted(word[0].lower() for word in words if word)
    package = json.loads((ROOT / "package.json").read_text())
    return python, sorted(package["dependencies"])
