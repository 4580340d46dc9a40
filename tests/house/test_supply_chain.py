"""What Samsyn is built from: a bill of materials in the wheel, licences, and the audit."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import tomllib
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.house.laws import ROOT

pytestmark = pytest.mark.once
BAD = "pkg:pypi/django@1.11.0"


def run(*command, fails=False):
    whole = [sys.executable, *command]
    done = subprocess.run(whole, cwd=ROOT, capture_output=True, text=True, check=False)
    assert fails or done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    target = tmp_path_factory.mktemp("wheel")
    run("-m", "hatchling", "build", "-t", "wheel", "-d", str(target))
    return zipfile.ZipFile(next(target.glob("*.whl")))


@pytest.fixture(scope="module")
def bill(wheel):
    [name] = [n for n in wheel.namelist() if n.endswith(".dist-info/sboms/samsyn.cdx.json")]
    return wheel.read(name).decode()


def pins(lock):
    lines = (ROOT / f"requirements/{lock}.txt").read_text().splitlines()
    return {tuple(line.split(" ")[0].split("==")) for line in lines if "==" in line}


def test_the_wheel_holds_a_bill_of_materials_that_follows_the_schema(bill):
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None


def test_the_schema_catches_a_licence_that_is_none(bill):
    told = json.loads(bill)
    told["components"][0]["licenses"] = [{"license": {"id": "NONE-OF-THEM"}}]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(told)) is not None


def test_the_bill_names_every_package_of_the_locks_with_hash_and_licence(bill):
    components = json.loads(bill)["components"]
    python = {(c["name"], c["version"]) for c in components if c["purl"].startswith("pkg:pypi/")}
    assert python == pins("base")
    npm = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    served = {c["name"] for c in components if c["purl"].startswith("pkg:npm/")}
    assert served == {path.removeprefix("node_modules/") for path in npm if path}
    assert all(c["hashes"] and c["licenses"] for c in components)


def test_the_bill_is_the_same_for_the_same_locks(bill, tmp_path):
    run("script/sbom.py", str(tmp_path / "again.json"))
    assert (tmp_path / "again.json").read_text() == bill


def test_the_bill_of_everything_also_names_what_builds_and_tests(tmp_path):
    run("script/sbom.py", str(tmp_path / "all.json"), "--all")
    text = (tmp_path / "all.json").read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    scopes = {c["name"]: c["scope"] for c in json.loads(text)["components"]}
    assert (scopes["django"], scopes["pytest"], scopes["uv"]) == (
        "required",
        "excluded",
        "excluded",
    )


def test_every_lock_has_a_hash_for_every_pin():
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text().replace("\\\n", " ")
        assert [line for line in text.splitlines() if "==" in line and "--hash=" not in line] == []


def test_what_a_wheel_is_built_with_has_the_versions_of_the_locks():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = project["build-system"]["requires"]
    wanted = {tuple(re.sub(r"\[.*\]", "", one).split("==")) for one in asked}
    assert wanted <= pins("base") | pins("build")


def test_the_list_of_licences_is_current():
    run("script/licences.py", "--check")


def test_a_licence_that_may_not_go_with_ours_is_refused(tmp_path):
    """The packages as installed, but MIT taken off the list of what may go with EUPL."""
    plant = "import sys; sys.path.insert(0, 'script'); import licences; "
    done = run("-c", plant + "del licences.ALLOWED['MIT']; sys.exit(licences.main())", fails=True)
    assert done.returncode == 1
    assert "no licence that is known and allowed" in done.stderr


class Database(BaseHTTPRequestHandler):
    """A database that speaks OSV's protocol; ``known`` is what it knows, ``page`` its size."""

    known: dict[str, list[str]] = {}
    short = False
    paged = False

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        results = [self.result(query) for query in asked]
        self.answer({"results": results[1:] if self.short else results})

    def result(self, query):
        ids = [{"id": one} for one in self.known.get(query["package"]["purl"], [])]
        if self.paged and len(ids) > 1 and "page_token" not in query:
            return {"vulns": ids[:1], "next_page_token": "more"}
        return {"vulns": ids[1:] if "page_token" in query else ids} if ids else {}

    def do_GET(self):
        name = self.path.rpartition("/")[2]
        self.answer({"id": name, "aliases": [f"CVE-of-{name}"], "summary": "Reads too far."})

    def answer(self, told):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def database():
    kind = type("Planted", (Database,), {"known": {BAD: ["GHSA-old"]}})
    with HTTPServer(("127.0.0.1", 0), kind) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        kind.address = f"http://127.0.0.1:{server.server_port}"
        yield kind
        server.shutdown()


@pytest.fixture
def audit(database, tmp_path):
    def asked(ignored="", address=None):
        (tmp_path / "audit.toml").write_text(ignored)
        options = ["--database", address or database.address]
        return run(
            "script/audit.py", *options, "--ignored", str(tmp_path / "audit.toml"), fails=True
        )

    return asked


def a_pinned_django():
    return next(f"pkg:pypi/{name}@{version}" for name, version in pins("base") if name == "django")


def entry(until, name="GHSA-new"):
    return f'[[ignored]]\nid = "{name}"\nreason = "We never call it."\nuntil = {until}\n'


def test_an_audit_without_findings_ends_well(audit):
    done = audit()
    assert done.returncode == 0, done.stderr
    assert "0 to act on" in done.stdout


@pytest.mark.parametrize("paged", [False, True])
def test_an_audit_names_what_it_finds_and_fails(audit, database, paged):
    database.known[a_pinned_django()] = ["GHSA-new", "GHSA-other"]
    database.known["pkg:npm/%40digdir/designsystemet-web@1.22.0"] = ["GHSA-npm"]
    database.paged = paged
    done = audit()
    assert done.returncode == 1
    found = [line for line in done.stdout.splitlines() if line.startswith("FOUND")]
    assert len(found) == 3
    assert any("GHSA-npm" in line and "designsystemet-web" in line for line in found)


@pytest.mark.parametrize(
    ("until", "code"), [("2999-12-31", 0), ("2020-01-31", 1)], ids=["in force", "run out"]
)
def test_what_is_ignored_counts_again_after_its_date(audit, database, until, code):
    database.known[a_pinned_django()] = ["GHSA-new"]
    assert audit(entry(until)).returncode == code
    assert audit(entry(until, "CVE-of-GHSA-new")).returncode == code


def test_an_entry_that_finds_nothing_must_be_removed(audit):
    done = audit(entry("2999-12-31"))
    assert done.returncode == 1
    assert "remove it" in done.stdout


@pytest.mark.parametrize(
    "text", ['[[ignored]]\nid = "A"\nuntil = 2999-12-31\n', entry('"soon"'), entry(2999)]
)
def test_an_entry_without_reason_or_date_is_refused(audit, text):
    assert audit(text).returncode == 2


def test_an_audit_that_cannot_ask_says_that_nothing_is_known(audit, database):
    assert audit(address="http://127.0.0.1:9").returncode == 2
    database.short = True
    assert audit().returncode == 2
    database.short, database.known = False, {}
    done = audit()
    assert done.returncode == 2
    assert "NOTHING IS KNOWN" in done.stderr


def test_the_list_of_what_is_ignored_can_be_read():
    plant = (
        "import sys; sys.path.insert(0, 'script'); import audit; audit.ignored_in(audit.IGNORED)"
    )
    run("-c", plant)
