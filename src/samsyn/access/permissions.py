"""What can be allowed, and which role allows what."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """Everything that can be allowed, as ``room.verb``. Keep the list sorted."""

    FINDINGS_ANSWER = "findings.answer"
    FINDINGS_CHANGE = "findings.change"
    FINDINGS_VIEW = "findings.view"
    JOBS_RUN = "jobs.run"
    MESSAGES_SEND = "messages.send"
    MESSAGES_VIEW = "messages.view"
    OBSERVATIONS_IMPORT = "observations.import"
    OBSERVATIONS_VIEW = "observations.view"
    ORGANISATIONS_CHANGE = "organisations.change"
    ORGANISATIONS_VIEW = "organisations.view"
    PEOPLE_CHANGE = "people.change"
    PEOPLE_VIEW = "people.view"
    RESOURCES_CHANGE = "resources.change"
    RESOURCES_VIEW = "resources.view"
    SECTOR_VIEW = "sector.view"
    SITUATION_BUILD = "situation.build"
    SITUATION_VIEW = "situation.view"
    TRAIL_VIEW = "trail.view"


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


OPERATOR_ROLES = frozenset({Role.ANALYST, Role.ADVISER, Role.ADMINISTRATOR})

_P = Permission
_LOOK = frozenset({_P.ORGANISATIONS_VIEW, _P.RESOURCES_VIEW, _P.FINDINGS_VIEW, _P.SITUATION_VIEW})

# What a role may do in the organisation where it is held.
OWN_GRANTS: dict[Role, frozenset[Permission]] = {
    Role.LEADER: _LOOK | {_P.PEOPLE_VIEW},
    Role.CISO: _LOOK
    | {
        _P.FINDINGS_ANSWER,
        _P.FINDINGS_CHANGE,
        _P.ORGANISATIONS_CHANGE,
        _P.PEOPLE_CHANGE,
        _P.PEOPLE_VIEW,
        _P.RESOURCES_CHANGE,
        _P.SITUATION_BUILD,
        _P.TRAIL_VIEW,
    },
    Role.OWNER: frozenset({_P.ORGANISATIONS_VIEW, _P.SITUATION_VIEW}),
    Role.TECHNICIAN: _LOOK | {_P.FINDINGS_ANSWER, _P.RESOURCES_CHANGE},
    Role.AUDITOR: _LOOK | {_P.TRAIL_VIEW, _P.PEOPLE_VIEW},
    Role.EMPLOYEE: frozenset({_P.ORGANISATIONS_VIEW}),
    Role.ANALYST: _LOOK
    | {
        _P.JOBS_RUN,
        _P.MESSAGES_SEND,
        _P.MESSAGES_VIEW,
        _P.OBSERVATIONS_IMPORT,
        _P.OBSERVATIONS_VIEW,
        _P.ORGANISATIONS_CHANGE,
        _P.RESOURCES_CHANGE,
        _P.SECTOR_VIEW,
        _P.SITUATION_BUILD,
    },
    Role.ADVISER: _LOOK | {_P.SECTOR_VIEW},
    Role.ADMINISTRATOR: _LOOK
    | {
        _P.JOBS_RUN,
        _P.MESSAGES_VIEW,
        _P.OBSERVATIONS_VIEW,
        _P.ORGANISATIONS_CHANGE,
        _P.PEOPLE_CHANGE,
        _P.PEOPLE_VIEW,
        _P.RESOURCES_CHANGE,
        _P.SECTOR_VIEW,
        _P.TRAIL_VIEW,
    },
}

# What an operator's role may do at a member, through an agreement and an assignment.
MEMBER_GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ANALYST: _LOOK
    | {
        _P.FINDINGS_ANSWER,
        _P.FINDINGS_CHANGE,
        _P.MESSAGES_SEND,
        _P.MESSAGES_VIEW,
        _P.ORGANISATIONS_CHANGE,
        _P.RESOURCES_CHANGE,
        _P.SITUATION_BUILD,
    },
    Role.ADVISER: _LOOK | {_P.FINDINGS_ANSWER, _P.SITUATION_BUILD},
    Role.ADMINISTRATOR: frozenset(
        {
            _P.ORGANISATIONS_CHANGE,
            _P.ORGANISATIONS_VIEW,
            _P.PEOPLE_CHANGE,
            _P.PEOPLE_VIEW,
            _P.RESOURCES_CHANGE,
            _P.RESOURCES_VIEW,
            _P.TRAIL_VIEW,
        }
    ),
}


def roles_with(permission: Permission) -> list[Role]:
    """Return the roles that may do this in the organisation where they are held."""
    return [role for role, granted in OWN_GRANTS.items() if permission in granted]


def operator_roles_with(permission: Permission) -> list[Role]:
    """Return the operator's roles that may do this at a member."""
    return [role for role, granted in MEMBER_GRANTS.items() if permission in granted]
