"""Who is told: the person named, the case's own people, then the agency's, and never silently nobody."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.deadlines import Responsible
from domain.disclosure import Custody, Viewer
from domain.notifying import (
    Audience,
    Delivery,
    Member,
    Notification,
    Told,
    acknowledge,
    approver,
    audience,
    failed_for_good,
    give_up,
    invited,
    may_acknowledge,
    sent,
    still_worth_a_mail,
)
from domain.vocabulary import NotificationKind, Role

NORTH, SOUTH = "agency-north", "agency-south"
CUSTODY = Custody(NORTH, "team-a", caseworker_id="cora", supervisor_id="sami")
LADDER = (Role.SUPERVISOR, Role.MANAGER, Role.AGENCY_HEAD)


def a_member(
    staff_id: str,
    role: Role,
    agency: str = NORTH,
    team: str | None = "team-a",
    active: bool = True,
) -> Member:
    return Member(staff_id, agency, team, frozenset({role}), active)


NORTHERNERS = (
    a_member("cora", Role.CASEWORKER),
    a_member("carl", Role.CASEWORKER),
    a_member("sami", Role.SUPERVISOR),
    a_member("sven", Role.SUPERVISOR, team="team-b"),
    a_member("mona", Role.MANAGER, team=None),
    a_member("mats", Role.MANAGER, team=None),
)


def told(
    *tell: Role,
    duty: Responsible | None = None,
    members: tuple[Member, ...] = NORTHERNERS,
    custody: Custody | None = CUSTODY,
) -> list[str]:
    bearer = duty or Responsible(NORTH, Role.CASEWORKER)
    return [each.staff_id for each in audience(tell, bearer, custody, members, LADDER).told]


def test_whoever_is_told_is_told_in_her_role_and_in_the_name_of_the_agency_that_owes_it() -> None:
    duty = Responsible(NORTH, Role.CASEWORKER, "sami")  # who is the case's supervisor as well
    found = audience((Role.CASEWORKER, Role.SUPERVISOR), duty, CUSTODY, NORTHERNERS, LADDER)
    assert found == Audience(
        (Told("sami", NORTH, Role.CASEWORKER), Told("cora", NORTH, Role.CASEWORKER))
    )


def test_the_person_named_is_told() -> None:
    assert told(Role.CASEWORKER, duty=Responsible(NORTH, Role.CASEWORKER, "cora")) == ["cora"]


def test_the_person_named_for_a_duty_is_not_told_in_the_place_of_those_above() -> None:
    duty = Responsible(NORTH, Role.CASEWORKER, "cora")
    assert told(Role.MANAGER, duty=duty) == ["mats", "mona"]


def test_after_a_handover_the_new_owner_is_told_beside_the_person_named() -> None:
    duty = Responsible(NORTH, Role.CASEWORKER, "carl")
    assert told(Role.CASEWORKER, duty=duty) == ["carl", "cora"]


def test_without_a_name_the_cases_own_people_are_told() -> None:
    assert told(Role.CASEWORKER, Role.SUPERVISOR) == ["cora", "sami"]


def test_a_role_the_case_names_nobody_for_means_the_agencys_people() -> None:
    assert told(Role.MANAGER) == ["mats", "mona"]


def test_the_team_comes_before_the_rest_of_the_agency() -> None:
    unnamed = Custody(NORTH, "team-b")
    assert told(Role.SUPERVISOR, custody=unnamed) == ["sven"]


def test_a_case_of_no_team_means_everybody_of_the_agency() -> None:
    members = (*NORTHERNERS, a_member("zoe", Role.SUPERVISOR, team=None))
    found = told(Role.SUPERVISOR, custody=Custody(NORTH), members=members)
    assert found == ["sami", "sven", "zoe"]


def test_who_has_left_one_post_and_holds_another_is_still_told() -> None:
    members = (
        a_member("cora", Role.CASEWORKER, SOUTH, active=False),
        a_member("cora", Role.CASEWORKER),
    )
    assert told(Role.CASEWORKER, members=members) == ["cora"]


def test_another_agencys_duty_goes_to_its_own_people() -> None:
    southerners = (
        *NORTHERNERS,
        a_member("pia", Role.PROVIDER, SOUTH, None),
        a_member("sol", Role.SUPERVISOR, SOUTH, None),
    )
    duty = Responsible(SOUTH, Role.PROVIDER)
    assert told(Role.PROVIDER, Role.SUPERVISOR, duty=duty, members=southerners) == ["pia", "sol"]


def test_a_case_that_is_not_known_yet_means_the_agencys_people() -> None:
    assert told(Role.SUPERVISOR, custody=None) == ["sami", "sven"]


def test_whoever_has_left_is_passed_over() -> None:
    members = (
        a_member("cora", Role.CASEWORKER, active=False),
        a_member("carl", Role.CASEWORKER),
    )
    assert told(Role.CASEWORKER, members=members) == ["carl"]


def test_a_named_person_the_directory_does_not_know_is_still_told() -> None:
    assert told(Role.CASEWORKER, members=()) == ["cora"]


def test_a_rung_that_nobody_holds_falls_to_the_next() -> None:
    without_managers = (*NORTHERNERS[:4], a_member("hilde", Role.AGENCY_HEAD, team=None))
    assert told(Role.MANAGER, members=without_managers) == ["hilde"]


def test_a_bearer_that_nobody_is_falls_to_the_first_rung() -> None:
    duty = Responsible(SOUTH, Role.PROVIDER)
    members = (*NORTHERNERS, a_member("sol", Role.SUPERVISOR, SOUTH, None))
    found = audience((Role.PROVIDER, Role.SUPERVISOR), duty, CUSTODY, members, LADDER)
    assert [(each.staff_id, each.role) for each in found.told] == [("sol", Role.SUPERVISOR)]


def test_nobody_at_all_is_said() -> None:
    found = audience((Role.AGENCY_HEAD,), Responsible(NORTH, Role.CASEWORKER), CUSTODY, (), LADDER)
    assert found == Audience((), (Role.AGENCY_HEAD,))


def test_who_is_found_is_told_though_nobody_is_for_another_role() -> None:
    duty = Responsible(NORTH, Role.CASEWORKER)
    found = audience((Role.AGENCY_HEAD, Role.CASEWORKER), duty, CUSTODY, NORTHERNERS, LADDER)
    assert found == Audience((Told("cora", NORTH, Role.CASEWORKER),), (Role.AGENCY_HEAD,))


def test_chair_and_participants_are_invited_once_each() -> None:
    members = (*NORTHERNERS, a_member("rena", Role.REVIEW_CHAIR, SOUTH, None))
    found = invited("rena", ["cora", "sami", "cora", "guest"], NORTH, members)
    assert [(each.staff_id, each.agency_id, each.role) for each in found] == [
        ("rena", SOUTH, Role.REVIEW_CHAIR),
        ("cora", NORTH, Role.CASEWORKER),
        ("sami", NORTH, Role.SUPERVISOR),
        ("guest", NORTH, Role.CASEWORKER),
    ]


def test_whoever_has_left_is_not_invited_and_one_with_two_posts_comes_in_the_first() -> None:
    both = Member("bea", SOUTH, None, frozenset({Role.PROVIDER, Role.CASEWORKER}))
    members = (*NORTHERNERS, both, a_member("lena", Role.CASEWORKER, active=False))
    found = invited("sami", ["lena", "bea", "sami"], NORTH, members)
    assert found == (Told("sami", NORTH, Role.REVIEW_CHAIR), Told("bea", SOUTH, Role.CASEWORKER))


def test_a_closure_awaits_the_supervisor_or_a_manager_in_her_place() -> None:
    assert approver("sami", CUSTODY) == Responsible(NORTH, Role.SUPERVISOR, "sami")
    assert approver("mona", CUSTODY) == Responsible(NORTH, Role.MANAGER, "mona")
    assert told(Role.MANAGER, duty=approver("mona", CUSTODY)) == ["mona"]


@pytest.mark.parametrize(
    ("viewer", "allowed"),
    [
        (Viewer("cora", NORTH, None, frozenset({Role.CASEWORKER})), True),
        (Viewer("carl", NORTH, None, frozenset({Role.CASEWORKER})), False),
        (Viewer("sven", NORTH, None, frozenset({Role.SUPERVISOR})), True),
        (Viewer("mona", NORTH, None, frozenset({Role.MANAGER})), True),
        (Viewer("hana", NORTH, None, frozenset({Role.AGENCY_HEAD})), True),
        (Viewer("sol", SOUTH, None, frozenset({Role.SUPERVISOR})), False),
        (Viewer.system("worker"), False),
    ],
)
def test_who_may_acknowledge(viewer: Viewer, allowed: bool) -> None:
    assert may_acknowledge(viewer, "cora", NORTH) is allowed


@pytest.mark.parametrize(
    ("kind", "is_settled", "worth"),
    [
        (NotificationKind.REMINDER, True, False),
        (NotificationKind.OPENED, True, False),
        (NotificationKind.REMINDER, False, True),
        (NotificationKind.MISSED, True, True),  # what was missed stays true
    ],
)
def test_a_reminder_of_what_is_done_is_not_mailed_any_more(
    kind: NotificationKind, is_settled: bool, worth: bool
) -> None:
    found = a_notification(kind=kind, settled_at=NOW if is_settled else None)
    assert still_worth_a_mail(found) is worth


def test_the_first_to_acknowledge_stays() -> None:
    first = acknowledge(a_notification(), "cora", NOW)
    assert (first.acknowledged_by, first.acknowledged_at) == ("cora", NOW)
    assert acknowledge(first, "sami", NOW) == first


def test_what_is_sent_or_given_up_has_ended() -> None:
    tried = a_notification(attempts=1, not_before=NOW, given_up_because="bounced")
    assert sent(tried, NOW, "text") == a_notification(
        state=Delivery.SENT, attempts=2, ended_at=NOW, channel="text"
    )
    assert sent(a_notification(), NOW).channel == "email"
    assert give_up(a_notification(), "no-address", NOW) == a_notification(
        state=Delivery.GIVEN_UP, given_up_because="no-address", ended_at=NOW
    )


def test_what_failed_for_good_by_one_way_waits_for_another() -> None:
    away = sent(a_notification(failed_channels=("email",)), NOW, "text")
    assert failed_for_good(away, "text", "bounced") == a_notification(
        state=Delivery.WAITING,
        attempts=2,
        failed_channels=("email", "text"),
        given_up_because="bounced",
    )


NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)


def a_notification(**changes: object) -> Notification:
    whole = Notification(
        id=UUID(int=1),
        cause_id=UUID(int=2),
        case_ref="TL-0000-0000-0",
        kind=NotificationKind.MISSED,
        message="missed",
        step="review",
        step_title="Periodic review meeting",
        staff_id="cora",
        agency_id=NORTH,
        role=Role.CASEWORKER,
        requested_at=NOW,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]
