"""What a chain proves, and at which entry and why it breaks."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from samsyn.audit.rules import GENESIS, ChainEntry, EntryClaims, Key, kind_of, link_hash, proof_of

OLD, NEW = Key("the old one"), Key("the new one")


def link(number, **fields):
    said = {
        "number": number,
        "at": "2026-03-02T12:00:00+00:00",
        "actor": "Ingvild Åsen",
        "person_id": 7,
        "action": "actions.action_create",
        "organisation_id": 1,
        "object_type": "actions.Action",
        "object_id": "3",
        "object_name": "Øvelse",
        "changes": {"title": [None, "Øvelse"]},
    }
    return ChainEntry(**(said | fields))


def chain(*keys, **fields):
    """Return entries that follow from each other, each with a code of its key (None: of none)."""
    made, previous = [], GENESIS
    for number, key in enumerate(keys, start=1):
        one = link(number, **fields)
        code = link_hash(one, previous)
        claim = EntryClaims(previous, code, kind_of(one.action))
        if key:
            claim = replace(claim, key_id=key.id, mac=key.code("trail entry", code))
        made.append((one, claim))
        previous = code
    return made


def changed(entries, place, **fields):
    """Return a chain in which one entry claims something else."""
    one, claim = entries[place]
    return [*entries[:place], (one, replace(claim, **fields)), *entries[place + 1 :]]


def broken(entries, *keys):
    found = proof_of(entries, keys).broken
    return found and (found.number, found.reason)


def test_a_whole_chain_is_proved_from_the_first_code_to_its_end():
    entries = chain(None, None, NEW, NEW)
    proof = proof_of(entries, [NEW])
    assert (proof.broken, proof.last, proof.keyed_from) == (None, 4, 3)
    assert proof.last_hash == entries[-1][1].hash


def test_an_empty_chain_proves_nothing_and_is_not_broken():
    proof = proof_of([], [NEW])
    assert (proof.broken, proof.last, proof.last_hash) == (None, 0, "0" * 64)
    assert (proof.keyed_from, proof.rank) == (0, 1)


def test_the_hash_is_over_the_hash_before_and_the_content_in_our_form():
    """The entries of every installation have this form: one that changed would break them all."""
    said = (
        '{"action":"actions.action_create","actor":"Ingvild Åsen",'
        '"at":"2026-03-02T12:00:00+00:00","changes":{"title":[null,"Øvelse"]},"number":1,'
        '"object_id":"3","object_name":"Øvelse","object_type":"actions.Action",'
        '"organisation_id":1,"person_id":7}'
    )
    wanted = hashlib.sha256(f"{GENESIS}\n{said}".encode()).hexdigest()
    assert link_hash(link(1), GENESIS) == wanted


@pytest.mark.parametrize(
    "field", ["at", "actor", "person_id", "action", "organisation_id", "object_id", "changes"]
)
def test_a_change_of_any_content_is_found(field):
    entries = chain(NEW, NEW)
    entries[1] = (replace(entries[1][0], **{field: None}), entries[1][1])
    if field == "action":
        entries[1] = (replace(link(2), action="actions.other"), entries[1][1])
    assert broken(entries, NEW) == (2, "its content was changed")


def test_an_entry_that_is_missing_or_moved_is_found():
    entries = chain(NEW, NEW, NEW)
    assert broken(entries[1:], NEW) == (2, "entry 1 is missing")
    assert broken([entries[0], entries[2]], NEW) == (3, "entry 2 is missing")
    other = changed(entries, 1, previous_hash=GENESIS)
    assert broken(other, NEW) == (2, "it does not follow from the entry before")


def test_a_reading_that_is_called_a_change_is_found():
    entries = changed(chain(NEW, action="reading.opened"), 0, kind="change")
    assert broken(entries, NEW) == (1, "its kind was changed")


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("sign_in.failed", "sign_in"),
        ("reading.opened", "reading"),
        ("export.made", "export"),
        ("actions.action_create", "change"),
        ("sign_in", "sign_in"),
        ("reading.file.pdf", "reading"),
        ("actions.reading", "change"),
    ],
)
def test_the_kind_of_an_entry_follows_from_what_its_action_begins_with(action, kind):
    assert kind_of(action) == kind


def test_from_the_first_code_on_every_entry_has_one():
    assert broken(chain(None, NEW, None), NEW) == (3, "it has no code of the key")
    assert broken(chain(None, None, NEW), NEW) is None


def test_a_code_without_the_name_of_its_key_proves_nothing():
    nameless = changed(chain(NEW), 0, key_id="")
    assert broken(nameless, NEW) == (1, "its key  is not here")
    codeless = changed(chain(NEW), 0, mac="")
    assert broken(codeless, NEW) == (1, "its code was not made with the key")


def test_a_key_that_is_not_here_proves_nothing():
    assert broken(chain(OLD), NEW) == (1, f"its key {OLD.id} is not here")


def test_a_key_that_was_replaced_does_not_return():
    assert broken(chain(OLD, OLD, NEW, NEW), NEW, OLD) is None
    said = "it was made with a key that had been replaced"
    assert broken(chain(OLD, NEW, OLD), NEW, OLD) == (3, said)


def test_a_code_for_one_thing_fits_no_other():
    entries = chain(NEW)
    anchor = NEW.code("trail anchor", entries[0][1].hash)
    assert broken(changed(entries, 0, mac=anchor), NEW) == (1, "its code was not made with the key")
    assert NEW.fits("trail anchor", entries[0][1].hash, anchor)
    assert not OLD.fits("trail anchor", entries[0][1].hash, anchor)


def test_a_chain_written_anew_without_any_code_is_found_where_there_is_a_key():
    said = "no entry carries a code of the key that is here"
    assert broken(chain(None, None), NEW) == (2, said)
    assert broken(chain(None, None)) is None


def test_a_key_is_named_by_a_digest_that_says_nothing_of_it():
    assert NEW.id == hashlib.sha256(b"samsyn trail key\nthe new one").hexdigest()[:12]
    assert NEW.id != OLD.id
