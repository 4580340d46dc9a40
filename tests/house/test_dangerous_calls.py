"""Laws on what code must not call, and on which modules speak to other machines."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.laws import PACKAGE

pytestmark = pytest.mark.once
# Evaluates text, builds objects from bytes, or starts a shell.
NEVER = {
    "eval",
    "exec",
    "os.system",
    "os.popen",
    "pickle.load",
    "pickle.loads",
    "marshal.load",
    "marshal.loads",
    "shelve.open",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "yaml.unsafe_load",
    "yaml.full_load",
    "engines.from_string",
    "hashlib.md5",
    "tempfile.mktemp",
    "uuid.uuid1",
    "ssl._create_unverified_context",
}
SPEAKS = {"socket", "http.client", "urllib.request", "requests", "smtplib", "ftplib", "httpx"}
SPEAKING = {
    "documents/object_store.py": "the bucket of SAMSYN_FILES_ENDPOINT",
    "documents/scanning.py": "the virus scanner of SAMSYN_CLAMD",
    "kernel/outgoing.py": "addresses that people type, on the public internet only",
    "kernel/addresses.py": "reads and writes addresses (inet_pton, inet_ntop); opens nothing",
    "site/slow_clients.py": "takes the connections of browsers; opens none",
    "messages/delivery.py": "names the errors of the mail server of SAMSYN_MAIL_HOST",
}
CHANCE = {"demonstration": "invents a sector; nothing in it is secret"}
ALLOWED = {
    "content/packs.py": ("yaml.load", "with a safe loader"),
    "kernel/contained.py": ("pickle.load", "of what our own process wrote to the one it starts"),
}
SCRIPT_NEVER = re.compile(
    r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write"
    r"|localStorage|sessionStorage|indexedDB|postMessage|document\.domain|__proto__"
)


def sources():
    return [p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts]


def name_of(node):
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def dangerous(text):
    """Return the calls in a module's text that the law refuses."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = name_of(node.func)
            given = {key.arg: key.value for key in node.keywords}
            shell = given.get("shell")
            if name in NEVER or (isinstance(shell, ast.Constant) and shell.value):
                found.append(name)
            if name == "yaml.load" or (name == "hashlib.sha1" and "usedforsecurity" not in given):
                found.append(name)
    return found


def imported(text):
    """Return the names of the modules that a module's text imports."""
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def where(path):
    return str(path.relative_to(PACKAGE))


def test_no_module_runs_text_or_builds_objects_from_bytes():
    found = {where(path): dangerous(path.read_text()) for path in sources()}
    allowed = {name: [call] for name, (call, _reason) in ALLOWED.items()}
    assert {name: calls for name, calls in found.items() if calls} == allowed


def test_only_named_modules_speak_to_other_machines():
    speaking = {where(p) for p in sources() if imported(p.read_text()) & SPEAKS}
    assert speaking == set(SPEAKING)


def test_what_must_not_be_guessed_comes_from_no_dice():
    rolling = [p for p in sources() if "random" in imported(p.read_text())]
    assert {p.relative_to(PACKAGE).parts[0] for p in rolling} == set(CHANCE)


def test_our_script_writes_text_and_keeps_nothing():
    for path in (PACKAGE / "ui/static/ui").glob("*.js"):
        assert SCRIPT_NEVER.findall(path.read_text()) == [], path


@pytest.mark.parametrize(
    "planted",
    [
        "eval('1')",
        "import subprocess\nsubprocess.run('ls', shell=True)",
        "import pickle\npickle.loads(b'')",
        "import hashlib\nhashlib.sha1(b'')",
        "import yaml\nyaml.load('')",
    ],
)
def test_the_law_catches_planted_faults(planted):
    assert dangerous(planted)


def test_the_law_on_scripts_catches_a_planted_fault():
    assert SCRIPT_NEVER.search("part.innerHTML = answer")
    assert imported("from urllib import request") & SPEAKS
