"""What docs/api.md tells receivers is so: its code verifies what is really sent."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from samsyn.entities.sheets import rows_of
from samsyn.suppliers.entity import SUPPLIER
from samsyn.suppliers.services import suppliers_import
from samsyn.webhooks.services import webhook_secret_renew
from tests.api.programs import Program
from tests.cast import NOON
from tests.webhooks.builders import Clock, happen, make_webhook, told

PAGE = (Path(__file__).parents[2] / "docs/api.md").read_text()
SECTION = PAGE.partition("## Webhooks")[2].partition("\n## ")[0]
[CODE] = re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL)


@pytest.fixture
def is_genuine():
    names = {}
    exec(compile(CODE, "docs/api.md", "exec"), names)  # noqa: S102  the code of our own page
    return names["is_genuine"]


@pytest.mark.django_db
def test_the_code_on_the_page_knows_what_is_genuine(cast, receiver, is_genuine):
    clock = Clock()
    clock.now = timezone.now()
    webhook = make_webhook(cast, address=receiver.url(), kinds=["suppliers.supplier_add"])
    first = webhook.secret
    second = webhook_secret_renew(actor=cast.ingvild, webhook=webhook, now=clock.now).secret
    happen(cast)
    assert told(clock) == {"delivered": 1}
    [came] = receiver.received
    assert is_genuine(first, came.headers, came.body)
    assert is_genuine(second, came.headers, came.body)
    assert not is_genuine(first, came.headers, came.body + b" ")
    assert not is_genuine("whsec_" + "A" * 44, came.headers, came.body)
    old = str(int((clock.now - timedelta(hours=1)).timestamp()))
    assert not is_genuine(first, came.headers | {"webhook-timestamp": old}, came.body)
    shown = json.loads(re.findall(r"```json\n(.*?)```", SECTION, re.DOTALL)[0])
    event = json.loads(came.body)
    assert list(shown) == list(event)
    assert [*shown["object"], *shown["organisation"]] == [*event["object"], *event["organisation"]]


@pytest.mark.django_db
def test_a_file_gives_an_event_for_each_row_and_one_of_no_thing(cast, receiver):
    make_webhook(cast, address=receiver.url())
    rows = rows_of(SUPPLIER, b"name,delivers\nNordlys Drift,backup\nFjord Data,mail\n")
    suppliers_import(actor=cast.ingvild, organisation=cast.fjellvik, rows=rows, now=NOON)
    told()
    events = [json.loads(came.body) for came in receiver.received]
    assert {event["type"] for event in events} == {"suppliers.suppliers_import"}
    kinds = [event["object"] and event["object"]["type"] for event in events]
    assert sorted(kinds, key=str) == [None, "suppliers.Supplier", "suppliers.Supplier"]
    pk = next(event["object"]["id"] for event in events if event["object"])
    assert Program(cast, "ingvild").get(f"/api/suppliers/{pk}").status_code == 200
