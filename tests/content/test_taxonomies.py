"""The taxonomies hold exactly what their sources hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).parents[2]
TAXONOMIES = CHECKOUT / "src/samsyn/packs/taxonomies"
SHARED = CHECKOUT / "../shared/data/taxonomies"


def pack(name: str) -> Any:
    return yaml.safe_load((TAXONOMIES / f"{name}.yaml").read_text(encoding="utf-8"))


def source(name: str) -> Any:
    path = SHARED / f"{name}.json"
    if not path.exists():
        pytest.skip("the shared data are not beside this checkout")
    return json.loads(path.read_text(encoding="utf-8"))


def test_rsit_has_eleven_classifications_and_thirty_nine_types():
    classifications = pack("rsit")["classifications"]
    assert len(classifications) == 11
    assert sum(len(each["types"]) for each in classifications.values()) == 39


def test_rsit_has_the_types_of_the_source_in_their_classifications():
    theirs = {
        value["predicate"]: {entry["value"] for entry in value["entry"]}
        for value in source("rsit")["values"]
    }
    ours = {name: set(each["types"]) for name, each in pack("rsit")["classifications"].items()}
    assert ours == theirs


def test_rsit_says_which_version_of_the_source_it_follows():
    assert pack("rsit")["version"] == str(source("rsit")["version"])


def test_every_rsit_type_has_two_to_four_steps():
    types = [t for c in pack("rsit")["classifications"].values() for t in c["types"].values()]
    assert {len(each["steps"]["en"]) for each in types} <= {2, 3, 4}


def test_tlp_orders_its_labels_from_clear_to_red():
    labels = pack("tlp")["labels"]
    ordered = sorted(labels, key=lambda label: labels[label]["order"])
    assert ordered == ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]


def test_tlp_has_only_labels_that_the_source_has():
    theirs = {each["value"].upper() for each in source("tlp")["predicates"]}
    assert set(pack("tlp")["labels"]) <= theirs


def test_severity_has_a_word_for_each_level():
    severities = pack("severity")["severities"]
    assert {name: each["level"] for name, each in severities.items()} == {
        "info": 0, "low": 1, "medium": 2, "high": 3, "critical": 4,
    }  # fmt: skip
