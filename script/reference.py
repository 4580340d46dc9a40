"""Write the reference pages in docs/ from the code, or check that they are up to date.

python script/reference.py           write docs/settings.md, permissions.md, commands.md
python script/reference.py --check   change nothing; fail when one is not up to date
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.settings")
os.environ.setdefault("SAMSYN_MODE", "test")

import django

django.setup()

from django.core.management import get_commands, load_command_class

from samsyn.access.commands import COMMANDS
from samsyn.access.permissions import OPENINGS, OWN_GRANTS, Permission, Role, granted_by
from samsyn.kernel.limits import limits
from samsyn.settings.environment import every_setting
from samsyn.site import urls  # noqa: F401  every door is loaded, so every command is known

DOCS = Path(__file__).resolve().parent.parent / "docs"
MADE = "<!-- Made by script/reference.py from the code; do not edit. -->\n"


def settings_page() -> str:
    lines = ["# Settings", MADE, "All come from the environment.\n"]
    lines += ["| variable | default | what it is |", "|---|---|---|"]
    for setting in every_setting():
        default = "(secret)" if setting.secret and setting.default else setting.default or "–"
        lines.append(f"| `{setting.name}` | `{default}` | {setting.meaning} |")
    lines += ["\n## Limits\n", "What `SAMSYN_LIMITS` can set; what is refused says so in words.\n"]
    lines += ["| name | at most | of |", "|---|---|---|"]
    lines += [f"| `{name}` | {limit.most} | {limit.of} |" for name, limit in limits().items()]
    return "\n".join(lines) + "\n"


def permissions_page() -> str:
    lines = ["# Permissions", MADE]
    lines.append("*own*: in the organisation where the role is held. *csirt*, *ciso*: what an")
    lines.append("operator's role gives at a member, through an agreement in force on a CSIRT or a")
    lines.append("virtual CISO and an assignment. The first reaches the companies below it too,")
    lines.append("the second only the member's own legal entity.\n")
    lines.append("| permission | " + " | ".join(role.value for role in Role) + " |")
    lines.append("|---" * (len(Role) + 1) + "|")
    for permission in Permission:
        cells = [reach(permission, role) for role in Role]
        lines.append(f"| `{permission.value}` | " + " | ".join(cells) + " |")
    lines += [
        "\n## What is done through the gate\n",
        "| act | permission | what it does |",
        "|---|---|---|",
    ]
    for name, known in sorted(COMMANDS.items()):
        needed = f"`{known.permission.value}`" if known.permission else "one's own things"
        lines.append(f"| `{name}` | {needed} | {known.summary} |")
    return "\n".join(lines) + "\n"


def reach(permission: Permission, role: Role) -> str:
    words = []
    if permission in OWN_GRANTS.get(role, ()):
        words.append("own")
    words += [
        service for service in OPENINGS if permission in granted_by(role, service, same_entity=True)
    ]
    return ", ".join(words)


def commands_page() -> str:
    lines = ["# Commands", MADE]
    lines += ["| command | what it does |", "|---|---|"]
    for name, room in sorted(get_commands().items()):
        if str(room).startswith("samsyn."):
            lines.append(f"| `samsyn {name}` | {load_command_class(room, name).help} |")
    lines.append("\n`samsyn COMMAND --help` tells the options of each.")
    return "\n".join(lines) + "\n"


PAGES = {
    "settings.md": settings_page,
    "permissions.md": permissions_page,
    "commands.md": commands_page,
}


def main() -> int:
    stale = []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if not path.exists() or path.read_text() != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text)
    if "--check" in sys.argv and stale:
        print(f"Not up to date: {', '.join(stale)}. Run script/reference.py.")
        return 1
    return 0


sys.exit(main())
