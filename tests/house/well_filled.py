"""What each form takes that its fields alone do not tell, and the state in which it is taken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from samsyn.annual_wheel.services import activity_stop, occurrence_complete
from samsyn.assets.models import Resource
from samsyn.benchmark.services import round_join
from samsyn.indicators.services import indicator_retire
from samsyn.maturity.services.preparing import dialogue_move
from samsyn.organisations.models import Contact
from samsyn.suppliers.services import supplier_retire
from tests.annual_wheel.builders import make_activity, make_occurrence
from tests.cast import NOON, TODAY, Cast, make_action, make_document, make_edition, make_resource
from tests.indicators.builders import make_indicator
from tests.maturity.builders import agree, make_dialogue, propose
from tests.messages.builders import make_message
from tests.suppliers.builders import make_supplier

CONSTITUENCY = (
    "organisation,country,language,parent,kind,resource_type,value,contact_purpose,contact_email\n"
    "Nyby,NO,nb,,municipality,,,,\n"
)


def query(cast: Cast, name: str) -> str:
    """Return what the address of a page asks for besides."""
    if name == "contacts:several":
        return f"?chosen={Contact.unscoped.get(organisation=cast.fjellvik).pk}"
    if name == "indicators:several":
        return f"?chosen={make_indicator(cast).pk}"
    if name == "suppliers:several":
        return f"?chosen={make_supplier(cast).pk}"
    if name in {"documents:attach", "documents:add"}:
        make_document(cast.fjellvik)
        return f"?for=actions.Action-{make_action(cast.fjellvik).pk}"
    return ""


def later() -> str:
    """Return a day that is still to come."""
    return (timezone.localdate() + timedelta(days=20)).isoformat()


def given(name: str, form: Any) -> dict[str, Any]:
    """Return what is written into the form of a page."""
    fields = getattr(form, "fields", {})
    values = {
        "maturity:paper": lambda: {field: "2" for field in fields if field.startswith("area-")},
        "assets:constituency": lambda: {"file": csv(CONSTITUENCY)},
        "contacts:import": lambda: {"file": csv("purpose;email\n24-7;vakt@x.example\n")},
        "contacts:several": lambda: {"language": "nb"},
        "indicators:import": lambda: {"file": csv("name;unit;direction\nDoors;count;down\n")},
        "indicators:several": lambda: {"frequency": "yearly"},
        "suppliers:import": lambda: {"file": csv("name;criticality\nNordlys;3\n")},
        "suppliers:several": lambda: {"criticality": 4},
        "assets:create": lambda: {"kind": "domain", "value": "new.example"},
        "assets:confirm": lambda: {"ground_kind": "registry", "ground": "Norid"},
        "organisations:agreement-add": lambda: {"service": "ciso"},
        "maturity:invite": lambda: {"people": "Anna Berg <anna@fjellvik.example>"},
        "situation:write": lambda: {"words": "Fewer findings than last month."},
        "wheel:complete": lambda: {"minutes": "Done, all together."},
        "wheel:create": lambda: {"frequency": "monthly", "months": []},
        "wheel:move": lambda: {"due_on": later()},
        "findings:answer": lambda: {"answer": "planned", "until": later()},
    }
    return values[name]() if name in values else {}


def csv(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("x.csv", text.encode(), content_type="text/csv")


def ready(cast: Cast, name: str) -> Any:
    """Return a thing in the state in which its form is taken, or None where any state will do."""
    makers = {
        "assets:confirm": lambda: waiting(cast),
        "assets:refuse": lambda: waiting(cast),
        "messages:resend": lambda: failed(cast),
        "indicators:resume": lambda: stopped_indicator(cast),
        "suppliers:resume": lambda: retired_supplier(cast),
        "situation:publish": lambda: make_edition(cast.samvakt),
        "situation:write": lambda: make_edition(cast.samvakt, digest="0" * 64),
        "benchmark:withdraw": lambda: joined(cast),
        "maturity:begin": lambda: make_dialogue(cast, "rating"),
        "maturity:close": lambda: agreed(cast),
        "maturity:decide": lambda: propose(cast, make_dialogue(cast, "meeting")).area.dialogue,
        "maturity:paper": lambda: make_dialogue(cast, "rating"),
        "maturity:reopen": lambda: closed(cast),
        "wheel:reopen": lambda: completed(cast),
        "wheel:resume": lambda: stopped_activity(cast),
        "actions:check": lambda: make_action(cast.fjellvik, state="done"),
        "actions:plan": lambda: make_action(cast.fjellvik, state="proposed"),
    }
    return makers[name]() if name in makers else None


def waiting(cast: Cast) -> Resource:
    return make_resource(cast.fjellvik, "domain", "new.example", state="requested")


def failed(cast: Cast) -> Any:
    return make_message(organisation=cast.fjellvik, operator=cast.samvakt, state="failed")


def stopped_indicator(cast: Cast) -> Any:
    return indicator_retire(actor=cast.ingvild, thing=make_indicator(cast))


def retired_supplier(cast: Cast) -> Any:
    return supplier_retire(actor=cast.ingvild, thing=make_supplier(cast))


def stopped_activity(cast: Cast) -> Any:
    return activity_stop(actor=cast.ingvild, activity=make_activity(cast), now=NOON, today=TODAY)


def completed(cast: Cast) -> Any:
    turn = make_occurrence(cast)
    return occurrence_complete(actor=cast.ingvild, occurrence=turn, minutes="Done.", now=NOON)


def joined(cast: Cast) -> Any:
    round_join(actor=cast.job, organisation=cast.fjellvik, now=NOON, today=timezone.localdate())
    return cast.fjellvik


def agreed(cast: Cast) -> Any:
    dialogue = make_dialogue(cast, "meeting")
    for area in dialogue.areas.all():
        agree(cast, dialogue, 2, key=area.key)
    return dialogue


def closed(cast: Cast) -> Any:
    return dialogue_move(actor=cast.ingvild, dialogue=agreed(cast), step="closed", now=NOON)
