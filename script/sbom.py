"""Write the software bill of materials: CycloneDX 1.6 in JSON, the same for the same locks.

python script/sbom.py FILE          what is in the wheel or needed to run it
python script/sbom.py FILE --all    also what builds and tests it, with the scope "excluded"

It has no time stamp, and its serial number follows from its content.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any

from locks import REQUIREMENTS, ROOT, SHIPPED, Package, asked_for, every_package

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cyclonedx.org/samsyn")


def bill(*, everything: bool = False) -> dict[str, Any]:
    """Return the bill; ``everything`` adds what only builds or tests."""
    packages = [p for p in every_package() if everything or p.group in SHIPPED]
    licences = json.loads((REQUIREMENTS / "licences.json").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    purl = f"pkg:pypi/{project['name']}@{project['version']}"
    content = {
        "metadata": {
            "lifecycles": [{"phase": "build"}],
            "component": {
                "type": "application",
                "bom-ref": purl,
                "name": project["name"],
                "version": project["version"],
                "description": project["description"],
                "licenses": [{"license": {"id": project["license"]}}],
                "purl": purl,
            },
        },
        "components": [_component(package, licences) for package in packages],
        "dependencies": _dependencies(purl, packages),
        # The Python locks do not say which package needs which.
        "compositions": [{"aggregate": "incomplete", "dependencies": [purl]}],
    }
    serial = uuid.uuid5(NAMESPACE, json.dumps(content, sort_keys=True))
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}"}
    return {**head, "version": 1, **content}


def _component(package: Package, licences: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "scope": "required" if package.group in SHIPPED else "excluded",
        "hashes": [{"alg": alg, "content": content} for alg, content in package.hashes],
        "licenses": [_licence(package.licence or licences[package.name])],
        "purl": package.purl,
    }


def _licence(expression: str) -> dict[str, Any]:
    if " " in expression:
        return {"expression": expression}
    return {"license": {"id": expression}}


def _dependencies(purl: str, packages: list[Package]) -> list[dict[str, Any]]:
    """Return who needs whom: what we ask for ourselves, and what the npm lock says."""
    python, npm = asked_for()
    by_name = {(p.kind, p.name): p.purl for p in packages}
    own = [by_name["pypi", name] for name in python] + [by_name["npm", name] for name in npm]
    told = [
        {"ref": p.purl, "dependsOn": [by_name["npm", name] for name in p.needs]}
        for p in packages
        if p.needs
    ]
    return [{"ref": purl, "dependsOn": own}, *told]


def main() -> None:
    """Write the bill to the file that is named."""
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(bill(everything="--all" in sys.argv), indent=1, ensure_ascii=False)
    made = target.with_name(f"{target.name}.{os.getpid()}")
    made.write_text(text + "\n", encoding="utf-8")
    made.replace(target)  # two builds at once never read half a file


if __name__ == "__main__":
    main()
