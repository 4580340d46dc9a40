"""The form in docs/adr/0014 is enough to prove a trail: this verifier uses nothing else."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import UTC

from django.conf import settings
from django.core.management import call_command

from samsyn.audit.models import Entry
from samsyn.audit.services import record

CONTENT = (
    "number", "at", "actor", "person_id", "action", "organisation_id", "object_type",
    "object_id", "object_name", "changes",
)  # fmt: skip
ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
}


def written(value):
    """Write JSON as the document says, without the library that Samsyn uses."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{written(k)}:{written(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(written(each) for each in value) + "]"
    if isinstance(value, str):
        signs = (ESCAPES.get(s) or (f"\\u{ord(s):04x}" if s < " " else s) for s in value)
        return '"' + "".join(signs) + '"'
    return json.dumps(value)  # a number, a truth value or null


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def mac(use, text, key):
    return hmac.new(key.encode(), f"samsyn {use}\n{text}".encode(), "sha256").hexdigest()


def hashes_of(rows, key):
    """Return the hash of each entry by number, each proved."""
    found, before = {}, "0" * 64
    for number, row in enumerate(rows, start=1):
        assert row["number"] == number
        content = {name: row[name] for name in CONTENT}
        content["at"] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
        assert row["previous_hash"] == before
        before = sha(f"{before}\n{written(content)}")
        assert row["hash"] == before
        assert row["key_id"] == sha(f"samsyn trail key\n{key}")[:12]
        assert row["mac"] == mac("trail entry", before, key)
        found[number] = before
    return found


def test_a_verifier_from_the_document_proves_the_trail_and_its_anchor(cast, capsys):
    changes = {
        "å": [None, 0.1],
        "a": [1, True],
        "text": 'a "b" \\ \n\x01 ü🦊',
        "é": {"z": [], "b": {}},
    }
    for _number in range(2):
        record(actor="Åsa <a@b.example>", person_id=7, action="sign_in.done", changes=changes)
    key = settings.TRAIL_KEYS[0]
    found = hashes_of(Entry.objects.order_by("number").values(), key)
    assert len(found) > 1
    call_command("trail_anchor")
    line = re.search(r"samsyn-anchor (.*) mac=(\w+)", capsys.readouterr().out)
    told = dict(part.split("=", 1) for part in line[1].split(" "))
    assert list(told) == ["number", "hash", "at", "installation", "key"]
    assert mac("trail anchor", line[1], key) == line[2]
    assert found[int(told["number"])] == told["hash"]
