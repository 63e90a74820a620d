"""What a closure puts on record, and in which words it is refused: people act on both."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain import closure
from domain.calendars import WorkCalendar
from domain.case import Closure, ClosureState
from domain.closure_grounds import Grounds
from domain.disclosure import Viewer
from domain.errors import DomainError, Malformed
from domain.vocabulary import CaseStatus, Ground, Risk, Role
from tests.domain.case_builders import NOW, PACK, SUPERVISOR, a_case

ID, DAY = UUID(int=3), timedelta(days=1)
SAID = Grounds(
    Ground.MOVED_AWAY, True, True, how_to_come_back="By phone", no_transfer_because="None there"
)
LATER = NOW + 90 * DAY


def asked(status: CaseStatus = CaseStatus.ACTIVE, said: Grounds = SAID):
    return closure.request(a_case(status), said, "amal-h", ID, PACK, NOW)


def closed():
    return closure.approve(asked(), SUPERVISOR, NOW + DAY)


def test_settling_is_on_record_with_its_end() -> None:
    settled = closure.settle(a_case(), ID, PACK, NOW)
    end = PACK.period("settling").after(NOW, PACK.calendar)
    assert settled == replace(a_case(), closure=Closure(ID, ClosureState.SETTLING, end))


@pytest.mark.parametrize(
    "status",
    [CaseStatus.REGISTERED, CaseStatus.ASSESSING, CaseStatus.PLANNING, CaseStatus.ACTIVE],
)
def test_request_is_on_record_with_who_asked_why_and_from_where(status: CaseStatus) -> None:
    request = Closure(
        ID,
        ClosureState.REQUESTED,
        ground=Ground.MOVED_AWAY,
        requested_by="amal-h",
        requested_at=NOW,
        status_before=status,
    )
    assert asked(status) == a_case(CaseStatus.CLOSING, closure=request)
    declined, record = closure.decline(asked(status), SUPERVISOR)
    assert declined == a_case(status)
    assert record == replace(request, state=ClosureState.DECLINED, decided_by="sofia-k")


def test_request_goes_on_with_the_settling_that_was_begun() -> None:
    settled = closure.settle(a_case(), ID, PACK, NOW)
    said = replace(SAID, ground=Ground.GOALS_ACHIEVED)
    end = closure.of(settled).settled_at
    assert end is not None
    request = closure.request(settled, said, "amal-h", UUID(int=4), PACK, end)
    assert closure.of(request) == Closure(
        ID,
        ClosureState.REQUESTED,
        settled_at=end,
        ground=Ground.GOALS_ACHIEVED,
        requested_by="amal-h",
        requested_at=end,
        status_before=CaseStatus.ACTIVE,
    )


def test_approval_is_on_record_with_who_gave_it_and_when() -> None:
    ended = closure.of(closed())
    assert (ended.state, ended.decided_by) == (ClosureState.CLOSED, "sofia-k")
    assert ended.closed_at == NOW + DAY
    assert closed().status is CaseStatus.CLOSED


def test_request_of_unknown_standing_that_is_declined_leaves_an_active_case() -> None:
    unknown = asked()
    unknown = replace(unknown, closure=replace(closure.of(unknown), status_before=None))
    assert closure.decline(unknown, SUPERVISOR)[0].status is CaseStatus.ACTIVE


def test_look_back_is_on_record_from_the_instant_of_the_closure() -> None:
    at_once = closure.look_back(closed(), NOW + DAY, LATER)
    assert closure.of(at_once) == replace(closure.of(closed()), looked_back_at=NOW + DAY)
    undated = replace(closed(), closure=replace(closure.of(closed()), closed_at=None))
    assert closure.of(closure.look_back(undated, NOW, LATER)).looked_back_at == NOW
    with pytest.raises(Malformed) as early:
        closure.look_back(closed(), NOW, LATER)
    assert words(early.value) == ("A look back comes after the closure.", "occurred_at")
    with pytest.raises(DomainError) as future:
        closure.look_back(closed(), LATER + DAY, LATER)
    assert future.value.field == "occurred_at"


@pytest.mark.parametrize("status", [CaseStatus.CLOSED, CaseStatus.ARCHIVED])
def test_case_that_comes_back_begins_anew(status: CaseStatus) -> None:
    ended = replace(closed(), status=status, times_reopened=2)
    again = closure.reopen(ended, Risk.HIGH)
    assert again == a_case(CaseStatus.REGISTERED, risk=Risk.HIGH, times_reopened=3)
    with pytest.raises(Malformed) as refused:
        closure.reopen(ended, Risk.UNKNOWN)
    assert refused.value.field == "risk"


def test_platforms_own_process_is_nobody_of_an_agency() -> None:
    system = Viewer("system-cases", "throughline", None, frozenset({Role.SYSTEM}))
    assert Viewer.system("cases") == system


def test_week_without_a_working_day_is_refused_in_words() -> None:
    with pytest.raises(Malformed) as refused:
        WorkCalendar("Europe/Berlin", frozenset(range(7)), frozenset(), "test")
    assert words(refused.value) == ("A week needs a working day.", "weekend")


def words(refused: DomainError) -> tuple[str, str | None]:
    return refused.detail, refused.field
