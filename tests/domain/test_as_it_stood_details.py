"""The case as it stood: what it had before anything else was known, and what was written down late."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from domain import as_it_stood
from domain.as_it_stood import Change, Known
from domain.case import Closure, ClosureState
from domain.consent import Consent
from domain.deadlines import cancel
from domain.vocabulary import CaseStatus, ConsentForm, DeadlineState, Person
from tests.domain.case_builders import NOW, a_case
from tests.domain.deadline_builders import NINE, a_deadline, hours

DAY = timedelta(days=1)
WAY = UUID(int=70)


def test_case_that_was_only_identified_had_nobody_no_plan_and_no_end() -> None:
    way = Closure(WAY, ClosureState.CLOSED)
    now = a_case(CaseStatus.CLOSED, closure=way, plan_version=4, times_reopened=2)
    told = {"agency_id": "north", "team_id": "team-a", "policy": now.policy}
    identified = Known(UUID(int=1), "case.identified", NOW, NOW, "rafa", "", told)
    assert as_it_stood.case(now, [identified], NOW) == replace(
        now,
        status=CaseStatus.IDENTIFIED,
        caseworker_id=None,
        supervisor_id=None,
        registered_at=None,
        plan_version=0,
        times_reopened=0,
        closure=None,
    )


def test_end_whose_beginning_is_not_on_the_record_counts_as_asked_for() -> None:
    """Of an older record."""
    passed = Known(
        UUID(int=1), "closure.passed-to-stand-in", NOW, NOW, "sofi", "", {"closure_id": str(WAY)}
    )
    assert as_it_stood.closures([passed]) == [
        Closure(WAY, ClosureState.REQUESTED, passed_to_stand_in_at=NOW)
    ]


def test_consent_is_known_from_the_very_instant_of_its_recording() -> None:
    given = Consent(UUID(int=5), Person.MOTHER, "referral", ConsentForm.WRITTEN, NOW)
    assert as_it_stood.consents([given], NOW) == [given]
    assert as_it_stood.consents([given], NOW - DAY) == []


def test_duty_that_was_moved_stands_until_what_moved_it_was_written_down() -> None:
    asked = Known(a_deadline().anchor_id, "asked", NINE, NINE, "amal", "", {})
    changed = Known(UUID(int=9), "changed", NINE + hours(6), NINE + hours(9), "amal", "", {})
    later = a_deadline(id=UUID(int=41), anchor_id=changed.id, version=2)
    old = cancel(a_deadline(), changed.at, successor=later.id)
    moved = Change(old.id, "moved", "changed", changed.at)

    def at(hour: float) -> list:
        instant = NINE + hours(hour)
        return as_it_stood.deadlines([old, later], [moved], [asked, changed], a_case(), instant)

    (stood,) = at(7)  # it had happened, and nobody here knew
    assert (stood.id, stood.state) == (old.id, DeadlineState.OPEN)
    assert at(9) == [old, later]
