"""Links with a signature: through them one rates without an account, and nobody learns who.

Two kinds. The *door* is the same for all: it stands on the wall as a QR code and in every
invitation. Whoever goes through it takes a *seat*: a random secret in the address of their own
page, signed, and kept nowhere but in their browser. What they rate is filed under ``rater``,
which is worked out from that secret; neither an invitation nor anything kept leads to it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from io import BytesIO

import qrcode
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.access.rows import beyond_scope
from samsyn.kernel.errors import NotFound
from samsyn.maturity.models import Dialogue, Group

DOOR, SEAT = "samsyn.maturity.door", "samsyn.maturity.seat"
PARTS = {DOOR: 2, SEAT: 4}


@dataclass(frozen=True, slots=True)
class Seat:
    """A rater's place in a dialogue: which group, and the name under which ratings are filed."""

    dialogue: Dialogue
    group: str
    rater: str


def door_token(dialogue: Dialogue) -> str:
    """Return the token that opens a dialogue for anybody who has it."""
    return Signer(salt=DOOR, sep=".").sign(f"{dialogue.pk}-{dialogue.nonce}")


def door_url(dialogue: Dialogue) -> str:
    """Return the address that stands on the wall."""
    return str(settings.BASE_URL) + reverse("rate:door", args=[door_token(dialogue)])


def door_svg(dialogue: Dialogue) -> str:
    """Return the address on the wall as a QR code."""
    drawn = qrcode.make(door_url(dialogue), image_factory=SvgPathImage, box_size=12, border=2)
    into = BytesIO()
    drawn.save(into)
    return into.getvalue().decode().split("?>", 1)[-1].strip()


def door_open(token: str) -> Dialogue:
    """Return the dialogue behind a door.

    Raises:
        NotFound: the token is none of ours, or the door has been closed.

    """
    pk, nonce = _read(DOOR, token)
    return _dialogue(pk, nonce)


def seat_token(dialogue: Dialogue, group: str) -> str:
    """Return the token of a new seat; what is random in it is kept nowhere."""
    secret = secrets.token_hex(16)
    return Signer(salt=SEAT, sep=".").sign(f"{dialogue.pk}-{dialogue.nonce}-{group}-{secret}")


def seat_open(token: str) -> Seat:
    """Return the seat that a token gives.

    Raises:
        NotFound: the token is none of ours, or the links have been renewed since.

    """
    pk, nonce, group, secret = _read(SEAT, token)
    if group not in Group.values:
        raise NotFound(_("No such link."))
    return Seat(_dialogue(pk, nonce), group, rater_of(secret))


def rater_of(secret: str) -> str:
    """Return the name under which the ratings of a seat are filed."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"{SEAT}:{secret}".encode(), hashlib.sha256).hexdigest()


def participant_actor(dialogue: Dialogue) -> Actor:
    """Return the actor that any rater of a dialogue is: it may rate, and it is nobody.

    All raters are the same actor on purpose: the trail then tells that somebody rated.
    """
    only = frozenset({Permission.MATURITY_RATE})
    label = f"participant of dialogue {dialogue.pk}"
    return Actor(label, is_system=True, only=only, language=dialogue.language)


def _read(salt: str, token: str) -> list[str]:
    try:
        parts = Signer(salt=salt, sep=".").unsign(token).split("-")
    except BadSignature as error:
        raise NotFound(_("No such link.")) from error
    if len(parts) != PARTS[salt]:
        raise NotFound(_("No such link."))
    return parts


@beyond_scope("the signature names the dialogue")
def _dialogue(pk: str, nonce: str) -> Dialogue:
    found = Dialogue.unscoped.filter(pk=pk, nonce=nonce)  # scope: the signature names it
    dialogue = found.select_related("organisation").first()
    if dialogue is None or not nonce:
        raise NotFound(_("No such link."))
    return dialogue
