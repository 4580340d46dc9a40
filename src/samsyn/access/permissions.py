"""What can be allowed, and which role allows what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext

from samsyn.kernel.errors import NotAllowed


class Permission(StrEnum):
    """Everything that can be allowed, as ``room.verb``. Keep the list sorted."""

    ACTIONS_CHANGE = "actions.change"
    ACTIONS_VIEW = "actions.view"
    ACTIONS_WORK = "actions.work"
    AGREEMENTS_ACCEPT = "agreements.accept"
    AGREEMENTS_SIGN = "agreements.sign"
    BENCHMARK_CLOSE = "benchmark.close"
    BENCHMARK_JOIN = "benchmark.join"
    BENCHMARK_VIEW = "benchmark.view"
    DECISIONS_RECORD = "decisions.record"
    DOCUMENTS_ADD = "documents.add"
    DOCUMENTS_CHANGE = "documents.change"
    DOCUMENTS_VIEW = "documents.view"
    FINDINGS_ANSWER = "findings.answer"
    FINDINGS_CHANGE = "findings.change"
    FINDINGS_VIEW = "findings.view"
    INDICATORS_CHANGE = "indicators.change"
    INDICATORS_MEASURE = "indicators.measure"
    INDICATORS_VIEW = "indicators.view"
    JOBS_RUN = "jobs.run"
    MATURITY_LEAD = "maturity.lead"
    MATURITY_RATE = "maturity.rate"
    MATURITY_VIEW = "maturity.view"
    MESSAGES_SEND = "messages.send"
    MESSAGES_VIEW = "messages.view"
    OBSERVATIONS_IMPORT = "observations.import"
    OBSERVATIONS_VIEW = "observations.view"
    ORGANISATIONS_ARRANGE = "organisations.arrange"
    ORGANISATIONS_CHANGE = "organisations.change"
    ORGANISATIONS_VIEW = "organisations.view"
    PEOPLE_CHANGE = "people.change"
    PEOPLE_VIEW = "people.view"
    REPORTING_ASK = "reporting.ask"
    REPORTING_LEAD = "reporting.lead"
    REPORTING_VIEW = "reporting.view"
    RESOURCES_CHANGE = "resources.change"
    RESOURCES_CONFIRM = "resources.confirm"
    RESOURCES_VIEW = "resources.view"
    SECTOR_VIEW = "sector.view"
    SITUATION_BUILD = "situation.build"
    SITUATION_VIEW = "situation.view"
    STAFF_CHANGE = "staff.change"
    SUPPLIERS_CHANGE = "suppliers.change"
    SUPPLIERS_VIEW = "suppliers.view"
    TRAIL_VIEW = "trail.view"
    WEBHOOKS_MANAGE = "webhooks.manage"
    WHEEL_CHANGE = "wheel.change"
    WHEEL_VIEW = "wheel.view"
    WHEEL_WORK = "wheel.work"


class Role(StrEnum):
    """What a person is in an organisation (product.md, Words)."""

    LEADER = "leader"
    CISO = "ciso"
    OWNER = "owner"
    TECHNICIAN = "technician"
    AUDITOR = "auditor"
    EMPLOYEE = "employee"
    ANALYST = "analyst"
    ADVISER = "adviser"
    ADMINISTRATOR = "administrator"


# Held only at an operator, and given only by who may change its staff there.
OPERATOR_ROLES = frozenset({Role.ANALYST, Role.ADVISER, Role.ADMINISTRATOR})

_P = Permission
_LOOK = frozenset({_P.ORGANISATIONS_VIEW, _P.RESOURCES_VIEW, _P.FINDINGS_VIEW, _P.SITUATION_VIEW})
_READ = frozenset(
    {
        _P.ACTIONS_VIEW,
        _P.BENCHMARK_VIEW,
        _P.DOCUMENTS_VIEW,
        _P.INDICATORS_VIEW,
        _P.MATURITY_VIEW,
        _P.SUPPLIERS_VIEW,
        _P.WHEEL_VIEW,
    }
)
_TAKE_PART = _READ | {_P.ACTIONS_WORK, _P.DOCUMENTS_ADD, _P.INDICATORS_MEASURE, _P.WHEEL_WORK}
_LEAD = _TAKE_PART | {
    _P.ACTIONS_CHANGE,
    _P.BENCHMARK_JOIN,
    _P.DECISIONS_RECORD,
    _P.DOCUMENTS_CHANGE,
    _P.INDICATORS_CHANGE,
    _P.MATURITY_LEAD,
    _P.REPORTING_ASK,
    _P.REPORTING_LEAD,
    _P.REPORTING_VIEW,
    _P.SUPPLIERS_CHANGE,
    _P.WHEEL_CHANGE,
}

# An operator's people have these at a member only through an agreement on a virtual CISO:
# being told of findings does not open an organisation's own work to its CSIRT.
BY_CISO_AGREEMENT = _LEAD

# No role has these: a signed link carries them, to whoever holds it.
BY_LINK = frozenset({_P.MATURITY_RATE})

# What a role may do in the organisation where it is held.
OWN_GRANTS: dict[Role, frozenset[Permission]] = {
    Role.LEADER: _LOOK
    | _TAKE_PART
    | {
        _P.AGREEMENTS_ACCEPT,
        _P.BENCHMARK_JOIN,
        _P.DECISIONS_RECORD,
        _P.PEOPLE_CHANGE,
        _P.PEOPLE_VIEW,
        _P.REPORTING_ASK,
        _P.REPORTING_VIEW,
        _P.TRAIL_VIEW,  # a member without a security officer must see who opened what
    },
    Role.CISO: _LOOK
    | _LEAD
    | {
        _P.AGREEMENTS_ACCEPT,
        _P.FINDINGS_ANSWER,
        _P.FINDINGS_CHANGE,
        _P.ORGANISATIONS_CHANGE,
        _P.PEOPLE_CHANGE,
        _P.PEOPLE_VIEW,
        _P.RESOURCES_CHANGE,
        _P.SITUATION_BUILD,
        _P.TRAIL_VIEW,
        _P.WEBHOOKS_MANAGE,
    },
    Role.OWNER: _TAKE_PART | {_P.ORGANISATIONS_VIEW, _P.SITUATION_VIEW},
    Role.TECHNICIAN: _LOOK | _TAKE_PART | {_P.FINDINGS_ANSWER, _P.RESOURCES_CHANGE},
    Role.AUDITOR: _LOOK | _READ | {_P.TRAIL_VIEW, _P.PEOPLE_VIEW, _P.REPORTING_VIEW},
    Role.EMPLOYEE: frozenset({_P.ORGANISATIONS_VIEW}),
    Role.ANALYST: _LOOK
    | _TAKE_PART
    | {
        _P.AGREEMENTS_SIGN,
        _P.BENCHMARK_CLOSE,
        _P.JOBS_RUN,
        _P.MESSAGES_SEND,
        _P.MESSAGES_VIEW,
        _P.OBSERVATIONS_IMPORT,
        _P.OBSERVATIONS_VIEW,
        _P.ORGANISATIONS_ARRANGE,
        _P.ORGANISATIONS_CHANGE,
        _P.RESOURCES_CHANGE,
        _P.SECTOR_VIEW,
        _P.SITUATION_BUILD,
    },
    Role.ADVISER: _LOOK | _TAKE_PART | {_P.SECTOR_VIEW},
    Role.ADMINISTRATOR: _LOOK
    | _TAKE_PART
    | {
        _P.AGREEMENTS_SIGN,
        _P.BENCHMARK_CLOSE,
        _P.JOBS_RUN,
        _P.MESSAGES_VIEW,
        _P.OBSERVATIONS_VIEW,
        _P.ORGANISATIONS_ARRANGE,
        _P.ORGANISATIONS_CHANGE,
        _P.PEOPLE_CHANGE,
        _P.PEOPLE_VIEW,
        _P.RESOURCES_CHANGE,
        _P.RESOURCES_CONFIRM,
        _P.SECTOR_VIEW,
        _P.STAFF_CHANGE,
        _P.TRAIL_VIEW,
        _P.WEBHOOKS_MANAGE,
    },
}

# What an operator's role may do at a member, through an agreement and an assignment.
MEMBER_GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ANALYST: _LOOK
    | {
        _P.AGREEMENTS_SIGN,
        _P.FINDINGS_ANSWER,
        _P.FINDINGS_CHANGE,
        _P.MESSAGES_SEND,
        _P.MESSAGES_VIEW,
        _P.ORGANISATIONS_ARRANGE,
        _P.ORGANISATIONS_CHANGE,
        _P.RESOURCES_CHANGE,
        _P.RESOURCES_CONFIRM,
        _P.SITUATION_BUILD,
    },
    Role.ADVISER: _LOOK | _LEAD | {_P.FINDINGS_ANSWER, _P.SITUATION_BUILD},
    Role.ADMINISTRATOR: frozenset(
        {
            _P.AGREEMENTS_SIGN,
            _P.ORGANISATIONS_ARRANGE,
            _P.ORGANISATIONS_CHANGE,
            _P.ORGANISATIONS_VIEW,
            _P.PEOPLE_CHANGE,
            _P.PEOPLE_VIEW,
            _P.RESOURCES_CHANGE,
            _P.RESOURCES_CONFIRM,
            _P.RESOURCES_VIEW,
            _P.STAFF_CHANGE,
            _P.TRAIL_VIEW,
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Opening:
    """What an agreement opens of ``MEMBER_GRANTS``: at most these rights, and how far down."""

    rights: frozenset[Permission]
    companies: bool  # also legal entities of their own below the member, not only its units


# What a client's CISO needs beside its own work: to read, and to answer. The last two are
# about the agreement itself: to end it or agree anew, and to say who works under it.
_BY_CISO_TOO = _LOOK | {
    _P.FINDINGS_ANSWER,
    _P.SITUATION_BUILD,
    _P.AGREEMENTS_SIGN,
    _P.STAFF_CHANGE,
}

# By the service agreed on (organisations.models.Service). All that says how far an agreement
# goes is here; ways of reach, row policies and docs/permissions.md follow it.
OPENINGS: dict[str, Opening] = {
    "csirt": Opening(frozenset(Permission) - BY_CISO_AGREEMENT, companies=True),
    "ciso": Opening(BY_CISO_AGREEMENT | _BY_CISO_TOO, companies=False),
}


def granted_by(role: Role, service: str, *, same_entity: bool) -> frozenset[Permission]:
    """Return what an operator's role gives by an agreement: at the member itself, or below it."""
    opening = OPENINGS[service]
    if not same_entity and not opening.companies:
        return frozenset()
    return MEMBER_GRANTS.get(role, frozenset()) & opening.rights


def roles_with(permission: Permission) -> list[Role]:
    """Return the roles that may do this in the organisation where they are held."""
    return [role for role, granted in OWN_GRANTS.items() if permission in granted]


def operator_roles_with(permission: Permission) -> list[Role]:
    """Return the operator's roles that may do this at a member."""
    return [role for role, granted in MEMBER_GRANTS.items() if permission in granted]


def lacking(permission: str) -> NotAllowed:
    """Return the error for whoever lacks a permission."""
    return NotAllowed(gettext("This takes the permission %s.") % permission)
