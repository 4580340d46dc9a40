"""What a refusal means, how long to wait, and what may stand in a header."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

_SCHEME = re.compile(r"([^\W\d_]):(?=\S)")
_DOTS = re.compile(r"[.\u3002\uff0e\uff61](?=[^\W\d_][\w-])")
_SHORT = re.compile(
    r"(?<![\w.-])(?:t\.ex|f\.eks|m\.fl|m\.v|bl\.a|o\.s\.v|osv)\.(?![\w-])", re.IGNORECASE
)
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)
LEASE = timedelta(minutes=5)  # a send times out far sooner; a killed worker's message waits so long
PERMANENT = range(500, 600)


def next_try(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after so many tries, or None when it is time to give up.

    Args:
        attempts: how often it has been tried, 1 or more.
        now: the moment of the last try, with a time zone.

    Source:
        Our own rule, in the spirit of RFC 5321 4.5.4.1: try for more than a day, ever slower.

    """
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def blocks_address(state: str, problem: str) -> bool:
    """Return whether a letter that ended so keeps further ones from going to its address.

    Args:
        state: failed, given_up or returned; others never do.
        problem: why the last try failed.

    Source:
        Our own rule: a mailbox that refuses a letter would refuse the next, every five minutes.
        Where our own server or its way out fails, the address is not to blame.

    Example:
        >>> blocks_address("failed", "content_refused"), blocks_address("given_up", "no_connection")
        (True, False)

    """
    if state == "given_up":
        return problem in {"recipient_refused", "content_refused"}
    return state in {"failed", "returned"}


def is_permanent(code: int) -> bool:
    """Return whether an SMTP reply says that trying again is of no use.

    Source:
        RFC 5321 4.2.1: replies of the form 5yz are permanent, 4yz are not.

    """
    return code in PERMANENT


def linkless(text: str) -> str:
    r"""Return what somebody has typed so that no mail program makes a link of any of it.

    Args:
        text: one line or several.

    Source:
        Our own rule: a letter from the installation's address has its own links only. Mail
        programs look for ``://``, ``www.`` and names with a dot inside; a blank ends them.

    Example:
        >>> linkless("See https://samsyn.example.evil/x, J. R. Berg, 1.5 h, t.ex. a.b")
        'See https: //samsyn. example. evil/x, J. R. Berg, 1.5 h, t.ex. a.b'

    """
    parts, end = [], 0
    for short in _SHORT.finditer(text):  # as our readers write: no mail program links them
        parts += [_parted(text[end : short.start()]), short[0]]
        end = short.end()
    return "".join([*parts, _parted(text[end:])])


def _parted(text: str) -> str:
    return _DOTS.sub(". ", _SCHEME.sub(r"\1: ", text))


def clean_line(text: str, *, longest: int = 200) -> str:
    r"""Return a text that is safe on one line of a header: no breaks, no control or hidden signs.

    Args:
        text: from people or from outside.
        longest: characters kept.

    Source:
        RFC 5322 2.2: a header ends at a line break, so a name with one could add headers.
        Signs that turn the direction of writing are left out so that a name cannot pose.

    Example:
        >>> clean_line("Fjellvik\r\nBcc: all@elvdal.example")
        'Fjellvik Bcc: all@elvdal.example'

    """
    spaced = "".join(" " if sign.isspace() else sign for sign in text)
    seen = (sign for sign in spaced if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co"})
    return " ".join("".join(seen).split())[:longest].strip()
