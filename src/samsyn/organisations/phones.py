"""When a security centre answers its telephone, in words of the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samsyn.organisations.models import Organisation
from samsyn.organisations.phone_fields import PhoneDays


def phone_text(operator: Organisation) -> str:
    """Return the number and when it is answered, such as "+47 22 33 44 55, weekdays 08:00-16:00".

    Empty without a number.
    """
    parts = [operator.phone, hours_text(operator)] if operator.phone else []
    return ", ".join(part for part in parts if part)


def hours_text(operator: Organisation) -> str:
    """Return on which days and at which hours the telephone is answered; empty if unknown."""
    if operator.phone_days == PhoneDays.ALWAYS:
        return _("around the clock")
    words = {PhoneDays.WEEKDAYS: _("weekdays"), PhoneDays.DAILY: _("every day")}
    days = words.get(PhoneDays(operator.phone_days)) if operator.phone_days else ""
    if operator.phone_from is None or operator.phone_until is None:
        return days or ""
    hours = f"{operator.phone_from:%H:%M}–{operator.phone_until:%H:%M}"
    return f"{days} {hours}".strip()
