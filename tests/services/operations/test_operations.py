"""Operations' copy: counts equal lists, overdue to the second, and a watchdog that notices silence."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.envelope import Envelope
from contracts.events import Event
from contracts.events.cases import CaseArchived, CaseRegistered
from contracts.events.deadlines import (
    DeadlineAcknowledged,
    DeadlineCancelled,
    DeadlineEscalated,
    DeadlineMet,
    DeadlineMissed,
    DeadlineSet,
    DeadlineWaived,
)
from contracts.events.notifications import NotificationGivenUp
from contracts.events.timekeeping import WorkflowProblemReported
from domain.disclosure import Viewer
from domain.vocabulary import Risk, Role, Source, SubjectType
from services.operations.app import service
from tests.services.open_service import BEGIN, Person, Served, differences, serve
from tests.stack.databases import TestDatabase

WATCH = Person("ops", "throughline", ("operations",))
LEADER = Person("sam", "agency-a", ("supervisor",))
WORKER = Person("kim", "agency-a", ("caseworker",))
REF = "TL-7K2M-9QXA-0"
OTHER = "TL-0000-0000-0"


@pytest.fixture
async def ops(
    service_database: Callable[..., TestDatabase], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    async with serve(service, service_database("operations"), monkeypatch) as served:
        yield served


def a_duty(kind: type[Event], deadline_id: UUID, due_at: datetime, **more: Any) -> Event:
    facts: dict[str, Any] = {
        "case_ref": REF, "at": BEGIN, "deadline_id": deadline_id, "version": 1, "owner": "cases",
        "subject_type": SubjectType.CASE, "subject_id": REF, "step": "initial-assessment",
        "agency_id": "agency-a", "responsible": Role.CASEWORKER, "person_id": "kim", "due_at": due_at,
    }  # fmt: skip
    return kind.model_validate({**facts, **more})


def was_set(deadline_id: UUID, due_at: datetime, **more: Any) -> Event:
    return a_duty(
        DeadlineSet, deadline_id, due_at,
        anchor="case.registered", anchored_at=BEGIN, policy="default@1", moments=(), **more,
    )  # fmt: skip


def registered(case_ref: str = REF) -> CaseRegistered:
    return CaseRegistered(
        case_ref=case_ref, at=BEGIN, agency_id="agency-a", team_id="one", caseworker_id="kim",
        supervisor_id="sam", risk=Risk.MEDIUM, source=Source.SCHOOL, policy="default@1",
    )  # fmt: skip


async def hear(served: Served, *events: Event) -> None:
    for event in events:
        cause = Envelope(uuid4(), event.type, "/test", event.key, BEGIN, 1, event)
        async with served.db.transaction(Viewer.system("operations"), cause=cause) as uow:
            await served.service.handlers[type(event)](uow, event)


async def overdue(served: Served, query: str = "", who: Person = WATCH) -> Any:
    answer = await served.ask(who, "GET", f"/overdue{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def findings(served: Served) -> list[tuple[str, str]]:
    answer = await served.ask(WATCH, "GET", "/watchdog")
    return [(item["kind"], item["case_ref"]) for item in answer.json()["items"]]


async def test_a_deadline_is_overdue_a_second_after_it_was_due_and_not_before(ops: Served) -> None:
    await hear(ops, was_set(uuid4(), BEGIN + timedelta(hours=1)))
    ops.clock.advance(hours=1)
    assert (await overdue(ops))["items"] == []
    ops.clock.advance(seconds=1)
    assert [row["late_seconds"] for row in (await overdue(ops))["items"]] == [1]


@pytest.mark.parametrize(
    "ending",
    [
        lambda identity, due: a_duty(DeadlineMet, identity, due, met_at=BEGIN, late=False),
        lambda identity, due: a_duty(
            DeadlineCancelled, identity, due, reason="case.closed", successor_id=None
        ),
        lambda identity, due: a_duty(
            DeadlineWaived,
            identity,
            due,
            reason="no-longer-needed",
            successor_id=None,
            approved_by="sam",
        ),
    ],
    ids=["met", "cancelled", "waived"],
)
async def test_what_has_ended_is_not_overdue(ops: Served, ending: Any) -> None:
    identity, due = uuid4(), BEGIN + timedelta(hours=1)
    await hear(ops, was_set(identity, due), ending(identity, due))
    ops.clock.advance(days=1)
    assert (await overdue(ops))["items"] == []


async def test_counts_equal_the_list_under_every_filter(ops: Served) -> None:
    for hours, agency, step in [
        (1, "agency-a", "initial-assessment"),
        (2, "agency-a", "case-plan"),
        (30, "agency-b", "case-plan"),
        (99, "agency-b", "case-plan"),
    ]:
        await hear(
            ops, was_set(uuid4(), BEGIN + timedelta(hours=hours), agency_id=agency, step=step)
        )
    ops.clock.advance(hours=50)
    for query, expected in [
        ("", 3),
        ("?agency_id=agency-a", 2),
        ("?step=case-plan", 2),
        ("?late_by=86400", 2),
        ("?agency_id=agency-b&step=case-plan&late_by=3600", 1),
    ]:
        listed = (await overdue(ops, query))["items"]
        counted = (await ops.ask(WATCH, "GET", f"/counts{query}")).json()["overdue"]
        assert len(listed) == counted == expected, query


async def test_the_list_is_read_in_pages_without_loss_or_repetition(ops: Served) -> None:
    for _ in range(7):
        await hear(ops, was_set(uuid4(), BEGIN + timedelta(hours=1)))
    ops.clock.advance(days=1)
    seen, page = [], await overdue(ops, "?limit=3")
    while True:
        seen += [row["deadline_id"] for row in page["items"]]
        if not page["next_cursor"]:
            break
        page = await overdue(ops, f"?limit=3&cursor={page['next_cursor']}")
    assert len(seen) == len(set(seen)) == 7


async def test_leaders_see_their_own_agency_and_others_see_nothing(ops: Served) -> None:
    for agency in ("agency-a", "agency-b"):
        await hear(ops, was_set(uuid4(), BEGIN + timedelta(hours=1), agency_id=agency))
    ops.clock.advance(days=1)
    assert [row["agency_id"] for row in (await overdue(ops, who=LEADER))["items"]] == ["agency-a"]
    for path in ("/overdue", "/counts", "/deadlines", "/watchdog", "/"):
        assert (await ops.ask(WORKER, "GET", path)).status_code == 404


async def test_the_ladder_and_who_took_it_up_are_shown(ops: Served) -> None:
    identity, due = uuid4(), BEGIN + timedelta(hours=1)
    told = {"moment": "due", "tell": (Role.SUPERVISOR,), "skipped": ()}
    await hear(
        ops,
        was_set(identity, due),
        a_duty(DeadlineMissed, identity, due, rung=0, **told),
        a_duty(DeadlineEscalated, identity, due, rung=1, **{**told, "moment": "rung-1"}),
        a_duty(DeadlineAcknowledged, identity, due, acknowledged_by="sam"),
    )
    ops.clock.advance(days=2)
    row = (await overdue(ops))["items"][0]
    assert (row["rung"], row["acknowledged_by"]) == (1, "sam")


async def test_a_deadline_said_again_changes_nothing_that_came_later(ops: Served) -> None:
    identity, due = uuid4(), BEGIN + timedelta(hours=1)
    await hear(
        ops, was_set(identity, due), a_duty(DeadlineMet, identity, due, met_at=BEGIN, late=False)
    )
    await hear(ops, was_set(identity, due, restated=True))
    ops.clock.advance(days=1)
    assert (await overdue(ops))["items"] == []


async def test_the_watchdog_finds_an_active_case_that_nobody_owes_a_step(
    ops: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.operations.queries.GRACE", timedelta(0))
    identity, due = uuid4(), BEGIN + timedelta(days=9000)
    await hear(ops, registered(), was_set(identity, due), registered(OTHER))
    assert await findings(ops) == [("case-without-deadline", OTHER)]
    await hear(ops, a_duty(DeadlineMet, identity, due, met_at=BEGIN, late=False))
    assert ("case-without-deadline", REF) in await findings(ops)
    await hear(ops, CaseArchived(case_ref=REF, at=BEGIN), CaseArchived(case_ref=OTHER, at=BEGIN))
    assert await findings(ops) == []


async def test_the_watchdog_finds_a_miss_that_nobody_announced(
    ops: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity, due = uuid4(), BEGIN + timedelta(hours=1)
    await hear(ops, was_set(identity, due))
    # The clock of this test stands in 2026: any wall time is past the grace.
    monkeypatch.setattr("services.operations.queries.GRACE", timedelta(0))
    assert await findings(ops) == [("deadline-unannounced", REF)]
    told = {"moment": "due", "tell": (Role.SUPERVISOR,), "skipped": (), "rung": 0}
    await hear(ops, a_duty(DeadlineMissed, identity, due, **told))
    assert await findings(ops) == []


async def test_the_watchdogs_findings_are_read_in_pages_across_their_kinds(
    ops: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.operations.queries.GRACE", timedelta(0))
    await hear(ops, registered(), registered(OTHER))
    for _ in range(3):
        await hear(ops, was_set(uuid4(), BEGIN + timedelta(hours=1), case_ref="TL-2222-2222-2"))
    for number in range(2):
        await hear(
            ops,
            WorkflowProblemReported(
                case_ref=REF,
                at=BEGIN,
                workflow="case",
                workflow_key=REF,
                problem=f"failed-{number}",
            ),
        )
    whole = (await ops.ask(WATCH, "GET", "/watchdog")).json()
    kinds = [item["kind"] for item in whole["items"]]
    assert (len(kinds), len(set(kinds)), whole["next_cursor"]) == (7, 3, None)
    for limit in (1, 2, 3):
        seen: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            following = f"&cursor={cursor}" if cursor else ""
            answer = await ops.ask(WATCH, "GET", f"/watchdog?limit={limit}{following}")
            page = answer.json()
            assert len(page["items"]) <= limit
            seen += page["items"]
            cursor = page["next_cursor"]
        assert seen == whole["items"]
    # A place in a list that is not there, and one in a list whose rows are of another kind.
    for said, status in (("WzksIiJd", 200), ("WzAsIld6VmQiXQ", 422), ("WyJhIiwiIl0", 422)):
        answer = await ops.ask(WATCH, "GET", f"/watchdog?cursor={said}")
        assert answer.status_code == status, answer.text


async def test_a_workflow_in_trouble_is_a_finding_for_operations(ops: Served) -> None:
    await hear(
        ops,
        WorkflowProblemReported(
            case_ref=REF, at=BEGIN, workflow="case", workflow_key=REF, problem="handler-failed"
        ),
    )
    assert await findings(ops) == [("workflow-problem", REF)]
    mine = await ops.ask(LEADER, "GET", "/watchdog")
    assert mine.json()["items"] == []


async def test_the_page_shows_the_same_rows_and_says_that_the_clock_is_played(ops: Served) -> None:
    await hear(ops, was_set(uuid4(), BEGIN + timedelta(hours=1)))
    ops.clock.advance(hours=27)
    page = (await ops.ask(WATCH, "GET", "/?agency_id=&step=&late_by=0")).text
    assert "1 d 2 h" in page
    assert REF in page
    assert "Sandbox clock" in page


@pytest.mark.parametrize(
    ("query", "field"),
    [("?cursor=nonsense", "cursor"), ("?late_by=-1", "late_by"), ("?colour=red", "colour")],
)
async def test_a_wrong_parameter_is_named(ops: Served, query: str, field: str) -> None:
    answer = await ops.ask(WATCH, "GET", f"/overdue{query}")
    assert answer.status_code == 422
    assert field in answer.text


async def test_the_migrated_schema_is_what_the_code_says(
    service_database: Callable[..., TestDatabase],
) -> None:
    assert await differences(service_database("operations"), service.metadata) == []


@pytest.mark.parametrize(("reason", "is_found"), [("no-address", True), ("duty-settled", False)])
async def test_a_mail_that_nobody_needs_any_more_is_no_finding(
    ops: Served, reason: str, is_found: bool
) -> None:
    given_up = NotificationGivenUp(
        case_ref=REF, at=BEGIN, notification_id=uuid4(), staff_id="kim", attempts=0, reason=reason
    )
    await hear(ops, given_up)
    assert bool(await findings(ops)) is is_found
