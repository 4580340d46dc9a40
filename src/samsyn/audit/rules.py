"""The chain: what is hashed, what the key proves, and how a break is found."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from samsyn.kernel.phrases import gettext as _

GENESIS = "0" * 64
CHANGE, SIGN_IN, READING, EXPORT = "change", "sign_in", "reading", "export"
EVENTS = frozenset({SIGN_IN, READING, EXPORT})


@dataclass(frozen=True, slots=True)
class ChainEntry:
    """What one entry says, in the form that is hashed; ``at`` is ISO 8601 in UTC."""

    number: int
    at: str
    actor: str
    person_id: int | None
    action: str
    organisation_id: int | None
    object_type: str
    object_id: str
    object_name: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class EntryClaims:
    """What an entry claims beside its content: how it is chained, and its kind."""

    previous_hash: str
    hash: str
    kind: str = CHANGE
    key_id: str = ""
    mac: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the trail. Its id is a digest, so that entries can name it."""

    secret: str

    @property
    def id(self) -> str:
        """The name of the key, which says nothing about the key."""
        return hashlib.sha256(f"samsyn trail key\n{self.secret}".encode()).hexdigest()[:12]

    def code(self, use: str, text: str) -> str:
        """Return the code over a text; ``use`` keeps codes for one thing from fitting another."""
        told = f"samsyn {use}\n{text}".encode()
        return hmac.new(self.secret.encode(), told, hashlib.sha256).hexdigest()

    def fits(self, use: str, text: str, code: str) -> bool:
        """Return whether the code was made with this key."""
        return hmac.compare_digest(self.code(use, text).encode(), code.encode())


@dataclass(slots=True)
class Proof:
    """What the chain shows: how far it goes, from where the key proves it, and a break if any."""

    last: int = 0
    last_hash: str = GENESIS
    keyed_from: int = 0
    rank: int = 0  # the place of the key in use among all: older keys do not return
    broken: Break | None = None


def kind_of(action: str) -> str:
    """Return the kind of an entry, which follows from its action.

    Source:
        Our own form: events are named ``sign_in.…``, ``reading.…`` and ``export.…``; all else
        is a command that changed something.

    """
    room = action.partition(".")[0]
    return room if room in EVENTS else CHANGE


def link_hash(link: ChainEntry, previous: str) -> str:
    """Return the hash of an entry: SHA-256 over the hash before it and its content.

    Source:
        Our own form: the previous hash as hex, a line feed, the entry as JSON with
        sorted keys, no blanks, UTF-8.

    """
    said = {name: getattr(link, name) for name in ChainEntry.__slots__}  # asdict copies all of it
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def proof_of(chain: Iterable[tuple[ChainEntry, EntryClaims]], keys: Sequence[Key]) -> Proof:
    """Return what the chain proves, up to its end or its first break.

    Args:
        chain: entries in order, each with what it claims.
        keys: the keys of the installation, the newest first.

    Source:
        A chain is whole when numbers have no gap, each entry names the hash before
        it, and each hash follows from the content. From the first entry with a code on every
        entry has one: HMAC-SHA256 (RFC 2104) over its hash. Since a hash covers all before it,
        the first code seals what is older. A key that was replaced does not return.

    """
    proof = Proof(rank=len(keys))
    for number, (link, claim) in enumerate(chain, start=1):
        reason = _chained(number, link, claim, proof) or _keyed(link, claim, proof, keys)
        if reason:
            proof.broken = Break(link.number, reason)
            return proof
        proof.last, proof.last_hash = number, claim.hash
    if proof.last and not proof.keyed_from and keys:
        proof.broken = Break(proof.last, _("no entry carries a code of the key that is here"))
    return proof


def _chained(number: int, link: ChainEntry, claim: EntryClaims, proof: Proof) -> str:
    """Return why an entry does not follow from the one before it, or nothing."""
    if link.number != number:
        return _("entry %d is missing") % number
    if claim.previous_hash != proof.last_hash:
        return _("it does not follow from the entry before")
    if link_hash(link, proof.last_hash) != claim.hash:
        return _("its content was changed")
    if claim.kind != kind_of(link.action):
        return _("its kind was changed")
    return ""


def _keyed(link: ChainEntry, claim: EntryClaims, proof: Proof, keys: Sequence[Key]) -> str:
    """Return why the code of an entry proves nothing, or nothing when it does."""
    if not claim.mac and not claim.key_id:
        return _("it has no code of the key") if proof.keyed_from else ""
    rank = next((place for place, key in enumerate(keys) if key.id == claim.key_id), None)
    if rank is None:
        return _("its key %s is not here") % claim.key_id
    if rank > proof.rank:
        return _("it was made with a key that had been replaced")
    if not keys[rank].fits("trail entry", claim.hash, claim.mac):
        return _("its code was not made with the key")
    proof.rank = rank
    proof.keyed_from = proof.keyed_from or link.number
    return ""
