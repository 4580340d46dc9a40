"""What each permission lets one do, in words for whoever chooses among them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy

from samsyn.access.permissions import Permission

WORDS: dict[Permission, Any] = {
    Permission.ACTIONS_CHANGE: pgettext_lazy("may", "change and decide on actions"),
    Permission.ACTIONS_VIEW: pgettext_lazy("may", "see actions and decisions"),
    Permission.ACTIONS_WORK: pgettext_lazy("may", "propose actions and work on them"),
    Permission.AGREEMENTS_ACCEPT: pgettext_lazy("may", "accept and end agreements"),
    Permission.AGREEMENTS_SIGN: pgettext_lazy("may", "offer and end agreements"),
    Permission.BENCHMARK_CLOSE: pgettext_lazy("may", "close rounds of the benchmark"),
    Permission.BENCHMARK_JOIN: pgettext_lazy("may", "take part in the benchmark"),
    Permission.BENCHMARK_VIEW: pgettext_lazy("may", "see the benchmark"),
    Permission.DECISIONS_RECORD: pgettext_lazy("may", "record decisions"),
    Permission.DOCUMENTS_ADD: pgettext_lazy("may", "add documents"),
    Permission.DOCUMENTS_CHANGE: pgettext_lazy("may", "change and remove documents"),
    Permission.DOCUMENTS_VIEW: pgettext_lazy("may", "see documents"),
    Permission.FINDINGS_ANSWER: pgettext_lazy("may", "answer findings"),
    Permission.FINDINGS_CHANGE: pgettext_lazy("may", "take on findings"),
    Permission.FINDINGS_VIEW: pgettext_lazy("may", "see findings"),
    Permission.INDICATORS_CHANGE: pgettext_lazy("may", "add and change indicators"),
    Permission.INDICATORS_MEASURE: pgettext_lazy("may", "note values of indicators"),
    Permission.INDICATORS_VIEW: pgettext_lazy("may", "see indicators"),
    Permission.JOBS_RUN: pgettext_lazy("may", "start jobs and see them"),
    Permission.MATURITY_LEAD: pgettext_lazy("may", "lead maturity dialogues"),
    Permission.MATURITY_RATE: pgettext_lazy("may", "rate in maturity dialogues"),
    Permission.MATURITY_VIEW: pgettext_lazy("may", "see maturity dialogues"),
    Permission.MESSAGES_SEND: pgettext_lazy("may", "send messages"),
    Permission.MESSAGES_VIEW: pgettext_lazy("may", "see the outbox"),
    Permission.OBSERVATIONS_IMPORT: pgettext_lazy("may", "import reports"),
    Permission.OBSERVATIONS_VIEW: pgettext_lazy("may", "see reports and observations"),
    Permission.ORGANISATIONS_ARRANGE: pgettext_lazy("may", "add and place organisations"),
    Permission.ORGANISATIONS_CHANGE: pgettext_lazy("may", "change organisations and contacts"),
    Permission.ORGANISATIONS_VIEW: pgettext_lazy("may", "see organisations and contacts"),
    Permission.PEOPLE_CHANGE: pgettext_lazy("may", "give and end roles"),
    Permission.PEOPLE_VIEW: pgettext_lazy("may", "see people and their roles"),
    Permission.REPORTING_ASK: pgettext_lazy("may", "ask the CISO"),
    Permission.REPORTING_LEAD: pgettext_lazy("may", "prepare management's meetings and proposals"),
    Permission.REPORTING_VIEW: pgettext_lazy("may", "see management's page and meetings"),
    Permission.RESOURCES_CHANGE: pgettext_lazy("may", "register and withdraw resources"),
    Permission.RESOURCES_CONFIRM: pgettext_lazy("may", "confirm and refuse resources"),
    Permission.RESOURCES_VIEW: pgettext_lazy("may", "see resources"),
    Permission.SECTOR_VIEW: pgettext_lazy("may", "see the whole sector"),
    Permission.SITUATION_BUILD: pgettext_lazy("may", "make and publish situation pictures"),
    Permission.SITUATION_VIEW: pgettext_lazy("may", "see situation pictures"),
    Permission.STAFF_CHANGE: pgettext_lazy("may", "give and end assignments"),
    Permission.SUPPLIERS_CHANGE: pgettext_lazy("may", "add and change suppliers"),
    Permission.SUPPLIERS_VIEW: pgettext_lazy("may", "see suppliers"),
    Permission.TRAIL_VIEW: pgettext_lazy("may", "see the change log"),
    Permission.WEBHOOKS_MANAGE: pgettext_lazy("may", "manage webhooks"),
    Permission.WHEEL_CHANGE: pgettext_lazy("may", "add and change activities of the annual wheel"),
    Permission.WHEEL_VIEW: pgettext_lazy("may", "see the annual wheel"),
    Permission.WHEEL_WORK: pgettext_lazy("may", "do activities of the annual wheel"),
}
