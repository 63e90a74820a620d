"""Who may see and do what: every cell of the table; what is not in it is denied."""

from dataclasses import replace
from typing import Any

import pytest

from domain.disclosure import (
    Action,
    Custody,
    Viewer,
    demand,
    demand_sight,
    may,
    relations,
    visible_sections,
)
from domain.errors import Hidden
from domain.vocabulary import Relation, Role, Section

ALL = "reference identity registration assessment plan contacts deadlines consent closure"
TEAM = "reference identity plan deadlines"
INTAKE = "reference identity registration deadlines"
SEES = {
    # role, relation: the sections
    (Role.CASEWORKER, Relation.OWNER): ALL,
    (Role.CASEWORKER, Relation.STAND_IN): ALL,  # while the caseworker is away
    (Role.SUPERVISOR, Relation.STAND_IN): ALL,
    (Role.CASEWORKER, Relation.TEAM): TEAM,
    (Role.CASEWORKER, Relation.INTAKE): INTAKE,
    (Role.SUPERVISOR, Relation.SUPERVISOR): f"{ALL} audit",
    (Role.SUPERVISOR, Relation.TEAM): TEAM,
    (Role.SUPERVISOR, Relation.INTAKE): INTAKE,
    (Role.MANAGER, Relation.SAME_AGENCY): ALL.replace("contacts ", ""),
    (Role.AGENCY_HEAD, Relation.SAME_AGENCY): "reference deadlines closure",
    (Role.REVIEW_CHAIR, Relation.REVIEWER): ALL.replace("consent ", ""),
    (Role.REFERRER, Relation.REFERRER): "reference",
    (
        Role.CASEWORKER,
        Relation.SCREENER,
    ): "reference",  # why it was refused, and nothing of the child
    (Role.SUPERVISOR, Relation.SCREENER): "reference",
    (Role.SUPERVISOR, Relation.REFUSED): "reference",
    (Role.PROVIDER, Relation.RECEIVER): "reference",
    (Role.SUPERVISOR, Relation.TRANSFER_RECEIVER): "reference",  # no name before acceptance
    (Role.MANAGER, Relation.TRANSFER_RECEIVER): "reference",
    (Role.AGENCY_HEAD, Relation.TRANSFER_RECEIVER): "reference",
    (Role.CASEWORKER, Relation.TRANSFER_SENDER): "reference",  # what became of it, and no more
    (Role.SUPERVISOR, Relation.TRANSFER_SENDER): "reference",
    (Role.CASEWORKER, Relation.NAMED): "reference",  # and, where she asks, the one question
    (Role.SUPERVISOR, Relation.NAMED): "reference",
    (Role.MANAGER, Relation.NAMED): "reference",
    (Role.OPERATIONS, Relation.NONE): "reference deadlines",
    (Role.AUDITOR, Relation.NONE): "reference audit",
    (Role.SYSTEM, Relation.NONE): "reference deadlines",
}
THERE = "caseworker/stand-in-of-owner supervisor/stand-in-of-owner"
DOES = {
    # what, by role/relation of whoever may
    Action.IDENTIFY: "referrer/none caseworker/none supervisor/none",
    Action.REGISTER: "caseworker/same-agency supervisor/same-agency",
    Action.RECORD: f"caseworker/owner supervisor/supervisor-of-case {THERE}",
    Action.ASSIGN: "supervisor/same-agency manager/same-agency",
    Action.APPROVE_CLOSURE: "supervisor/supervisor-of-case",
    Action.APPROVE_CLOSURE_AS_STAND_IN: "manager/same-agency",
    Action.ACKNOWLEDGE: f"{THERE} caseworker/owner supervisor/supervisor-of-case supervisor/intake-of-agency "
    "manager/same-agency agency-head/same-agency",
    Action.CHANGE_REVIEW_MEETING: "review-chair/reviewer supervisor/supervisor-of-case",
    Action.RECORD_REVIEW_OUTCOME: "review-chair/reviewer",
    Action.POSTPONE_REVIEW: "review-chair/reviewer supervisor/supervisor-of-case manager/same-agency",
    Action.CALL_MEETING: "caseworker/owner supervisor/supervisor-of-case review-chair/reviewer "
    "provider/referral-receiver caseworker/plan-participant supervisor/plan-participant "
    "provider/plan-participant",
    Action.ASK_REPORTS: "caseworker/owner supervisor/supervisor-of-case review-chair/reviewer",
    Action.ANSWER_QUESTION: f"{THERE} caseworker/owner supervisor/supervisor-of-case caseworker/named-for-a-duty "
    "supervisor/named-for-a-duty manager/named-for-a-duty",
    Action.TRANSFER: "caseworker/owner supervisor/supervisor-of-case",
    Action.ANSWER_TRANSFER: "supervisor/transfer-receiver manager/transfer-receiver",
    Action.REPIN: "supervisor/supervisor-of-case manager/same-agency",
    Action.SEE_CASELOADS: "supervisor/team manager/same-agency",
    Action.KEEP_FILE: "manager/same-agency",
    Action.ASK_ERASURE: "manager/same-agency",
    Action.DECIDE_ERASURE: "manager/same-agency agency-head/same-agency administrator/none",
}
ELSEWHERE = Custody("agency-north", "team-a")
HERE = Custody("agency-south", "team-a")
# A case to which somebody of agency-south, team-b stands in this relation.
STANDING = {
    Relation.OWNER: replace(ELSEWHERE, caseworker_id="amal"),
    Relation.TEAM: replace(HERE, team_id="team-b"),
    Relation.STAND_IN: replace(HERE, stand_in_id="amal"),
    Relation.SUPERVISOR: replace(ELSEWHERE, supervisor_id="amal"),
    Relation.SAME_AGENCY: HERE,
    Relation.INTAKE: replace(HERE, awaits_registration=True),
    Relation.REFUSED: replace(HERE, is_refused=True),
    Relation.SCREENER: replace(ELSEWHERE, referrer_id="amal", is_refused=True),
    Relation.PLAN_PARTICIPANT: replace(ELSEWHERE, participants=frozenset({"amal", "omar"})),
    Relation.REFERRER: replace(ELSEWHERE, referrer_id="amal"),
    Relation.RECEIVER: replace(ELSEWHERE, receivers=frozenset({"agency-south"})),
    Relation.REVIEWER: replace(ELSEWHERE, reviewers=frozenset({"amal"})),
    Relation.TRANSFER_RECEIVER: replace(ELSEWHERE, offered_to="agency-south"),
    Relation.TRANSFER_SENDER: replace(ELSEWHERE, offered_by="amal"),
    Relation.NAMED: replace(ELSEWHERE, named=frozenset({"amal"})),
    Relation.NONE: ELSEWHERE,
}
CELLS = [(role, relation) for role in Role for relation in Relation]


def a_viewer(*roles: Role, **changes: Any) -> Viewer:
    return replace(Viewer("amal", "agency-south", "team-b", frozenset(roles)), **changes)


def implied(relation: Relation) -> set[Relation]:
    """Who is in the team is in the agency; a screener has referred; whoever asks is somebody."""
    within = {
        Relation.TEAM,
        Relation.INTAKE,
        Relation.REFUSED,
        Relation.SAME_AGENCY,
        Relation.STAND_IN,
    }
    also = {Relation.SAME_AGENCY} if relation in within else set()
    also |= {Relation.REFERRER} if relation is Relation.SCREENER else set()
    return {relation, Relation.NONE} | also


@pytest.mark.parametrize("relation", Relation)
def test_relation_is_found_and_no_other(relation: Relation) -> None:
    assert relations(a_viewer(), STANDING[relation]) == implied(relation)


@pytest.mark.parametrize(("role", "relation"), CELLS)
def test_cell_shows_its_sections_and_no_other(role: Role, relation: Relation) -> None:
    expected = {
        Section(section)
        for each in implied(relation)
        for section in SEES.get((role, each), "").split()
    }
    assert visible_sections(a_viewer(role), STANDING[relation]) == expected


@pytest.mark.parametrize("action", Action)
def test_action_is_allowed_to_its_cells_and_no_other(action: Action) -> None:
    allowed = set(DOES[action].split())
    assert {cell for cell in CELLS if may(a_viewer(cell[0]), STANDING[cell[1]], action)} == {
        (role, relation)
        for role, relation in CELLS
        if any(f"{role}/{each}" in allowed for each in implied(relation))
    }


def test_table_of_this_test_covers_every_action_and_relation() -> None:
    assert set(DOES) == set(Action)
    assert set(STANDING) == set(Relation)


def test_stand_in_named_by_another_agency_is_nobody_here() -> None:
    custody = replace(ELSEWHERE, stand_in_id="amal")
    assert relations(a_viewer(), custody) == {Relation.NONE}


def test_nobody_without_a_role_sees_or_does_anything() -> None:
    for custody in STANDING.values():
        assert visible_sections(a_viewer(), custody) == frozenset()
        assert not any(may(a_viewer(), custody, action) for action in Action)


def test_several_roles_and_relations_add_up() -> None:
    custody = replace(HERE, caseworker_id="amal", referrer_id="amal")
    viewer = a_viewer(Role.CASEWORKER, Role.REFERRER, Role.AUDITOR)
    assert visible_sections(viewer, custody) == frozenset(Section)


def test_role_held_elsewhere_in_another_relation_does_not_add_up() -> None:
    """A supervisor who is the caseworker of a case is not its supervisor."""
    assert visible_sections(a_viewer(Role.SUPERVISOR), STANDING[Relation.OWNER]) == frozenset()


@pytest.mark.parametrize(
    ("viewer", "custody"),
    [
        (a_viewer(team_id=None), replace(HERE, team_id=None)),  # no team is no common team
        (a_viewer(team_id="team-a"), ELSEWHERE),  # a team of that name in another agency
    ],
)
def test_team_is_a_named_one_of_the_same_agency(viewer: Viewer, custody: Custody) -> None:
    assert Relation.TEAM not in relations(viewer, custody)


def test_case_without_a_caseworker_is_nobodys() -> None:
    assert relations(a_viewer(), ELSEWHERE) == {Relation.NONE}


def test_what_may_not_be_done_is_hidden() -> None:
    demand(a_viewer(Role.CASEWORKER), STANDING[Relation.OWNER], Action.RECORD)
    with pytest.raises(Hidden):
        demand(a_viewer(Role.CASEWORKER), ELSEWHERE, Action.RECORD)


@pytest.mark.parametrize(
    ("sections", "hidden"),
    [
        ([Section.PLAN], False),
        ([Section.PLAN, Section.DEADLINES], False),
        ([Section.PLAN, Section.ASSESSMENT], True),  # one of them is too much
        ([Section.AUDIT], True),
        ([], False),
    ],
)
def test_sight_is_of_all_the_sections_or_hidden(sections: list[Section], hidden: bool) -> None:
    viewer, custody = a_viewer(Role.CASEWORKER), STANDING[Relation.TEAM]
    if hidden:
        with pytest.raises(Hidden):
            demand_sight(viewer, custody, sections)
    else:
        demand_sight(viewer, custody, sections)


def test_asking_for_no_section_at_all_reveals_no_case() -> None:
    with pytest.raises(Hidden):
        demand_sight(a_viewer(Role.CASEWORKER), ELSEWHERE, [])


def test_platforms_own_processes_see_references_and_deadlines_only() -> None:
    system = Viewer.system("cases")
    assert system == Viewer("system-cases", "throughline", None, frozenset({Role.SYSTEM}))
    assert system.has(Role.SYSTEM)
    assert visible_sections(system, ELSEWHERE) == {Section.REFERENCE, Section.DEADLINES}
    assert not any(may(system, ELSEWHERE, action) for action in Action)
