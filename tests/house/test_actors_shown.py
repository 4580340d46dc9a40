"""Law on names: a page says who did something in words, never as the trail keeps it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction

from samsyn.assets.models import Resource
from samsyn.findings.models import Finding, FindingEvent
from tests.cast import NOON
from tests.house.test_doors import made, pages, url_of
from tests.markup import tight

TYPED = {"actions.Decision.decided_by"}  # what people type: a person or a body
LABELS = ("job:demonstration", "console:root", "Ek <x@y.example>", "participant of dialogue 3")
RAW = ("job:", "console:", "&lt;x@", "participant of dialogue")
READERS = ("astrid", "ingvild", "henrik")


def label_fields():
    """Yield every model that keeps actors' labels, with the names of those fields."""
    for model in apps.get_models():
        if model.__module__.startswith("samsyn.") and model._meta.app_label != "audit":
            names = [
                field.name
                for field in model._meta.concrete_fields
                if isinstance(field, models.CharField)
                and (field.name in {"by", "actor"} or field.name.endswith("_by"))
                and f"{model._meta.label}.{field.name}" not in TYPED
            ]
            if names:
                yield model, names


def relabel(label):
    """Let the same actor have done everything; what is never changed keeps its maker."""
    for model, names in label_fields():
        try:
            with transaction.atomic():
                model._base_manager.update(**dict.fromkeys(names, label))
        except DatabaseError:
            continue


def test_actors_are_kept_in_many_places():
    assert len(list(label_fields())) > 10


def settle():
    """Let something have happened to what only then says by whom."""
    Resource.unscoped.update(decided_at=NOON)
    for finding in Finding.unscoped.all():
        FindingEvent.unscoped.create(finding=finding, kind="acknowledged", at=NOON)


@pytest.mark.once  # how a label is shown does not depend on the database
@pytest.mark.parametrize("name", list(pages(with_subject=True)))
def test_no_page_shows_an_actor_raw(client, cast, name):
    url = url_of(name, made(cast, name)())
    settle()
    for who in READERS:
        client.be(cast.people[who])
        for label in LABELS:
            relabel(label)
            answer = client.get(url)
            if answer.status_code != 200 or "html" not in answer["Content-Type"]:
                break  # closed to this reader, whoever did it
            text = answer.content.decode()
            assert not [raw for raw in (*RAW, ">None<") if raw in tight(text)], (who, label)
