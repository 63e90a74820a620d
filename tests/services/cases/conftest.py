"""The cases service, served; its people, and Noor's case up to each of its steps."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.events.agencies import AgencyRegistered, StaffRegistered
from domain.vocabulary import Role
from services.cases.app import service
from tests.services.served import DAY_0, Served, a_token, serve
from tests.stack.databases import TestDatabase

NORTH, SOUTH, SCHOOL = "agency-north", "agency-south", "school-a"
RITA = a_token("rita", SCHOOL, Role.REFERRER)
CORA = a_token("cora", NORTH, Role.CASEWORKER, team="team-a")
CARL = a_token("carl", NORTH, Role.CASEWORKER, team="team-a")
CLEO = a_token("cleo", NORTH, Role.CASEWORKER, team="team-b")
SAMI = a_token("sami", NORTH, Role.SUPERVISOR, team="team-a")
MONA = a_token("mona", NORTH, Role.MANAGER)
MATS = a_token("mats", SOUTH, Role.MANAGER)
RENA = a_token("rena", NORTH, Role.REVIEW_CHAIR, team="team-b")
OPAL = a_token("opal", "throughline", Role.OPERATIONS)
PIA = a_token("pia", SOUTH, Role.PROVIDER)

NAME, CONCERNS = "Noor Example", "Withdrawn, sad, anxious"
CHILD = {"name": NAME, "age": 12, "gender": "girl", "location": "Northtown"}
CONSENT = {
    "given_by": "mother",
    "how": "written",
    "purposes": ["case-management", "contact-school"],
    "explained": True,
}
EXPECTATIONS = {"can": ["Talks every two weeks"], "cannot": ["Money"]}


@pytest.fixture
async def cases(
    service_database: Callable[..., TestDatabase], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    async with serve(service, service_database("cases"), monkeypatch) as served:
        yield served


def ago(served: Served, **length: float) -> str:
    return (served.clock.at - timedelta(**length)).isoformat()


def ahead(served: Served, **length: float) -> str:
    return (served.clock.at + timedelta(**length)).isoformat()


def a_referral(**changes: Any) -> dict[str, Any]:
    body = {
        "agency_id": NORTH,
        "source": "school",
        "criteria": ["emotional-distress"],
        "child": CHILD,
        "concerns": CONCERNS,
    }
    return body | changes


def a_registration(**changes: Any) -> dict[str, Any]:
    body = {
        "consent": CONSENT,
        "expectations": EXPECTATIONS,
        "caseworker_id": "cora",
        "supervisor_id": "sami",
    }
    return body | changes


def a_new_case(**changes: Any) -> dict[str, Any]:
    return a_referral() | a_registration() | changes


def an_initial_assessment(served: Served, **changes: Any) -> dict[str, Any]:
    body = {
        "risk": "medium",
        "immediate_needs": ["Somebody to talk to"],
        "safety": "No immediate danger",
        "safety_plan": {
            "measures": [{"who": "mother", "what": "Calls the caseworker"}],
            "protective_factors": ["Her bond with her school"],
            "tested_by": ahead(served, days=7),
        },
    }
    return body | changes


def an_assessment(**changes: Any) -> dict[str, Any]:
    body = {
        "stages": dict.fromkeys(("planning", "gathering", "verification", "analysis"), "Told."),
        "elements": dict.fromkeys(
            (
                "childs_views",
                "family_and_relationships",
                "safe_environment",
                "development_and_identity",
                "strengths_and_resources",
            ),
            "Told.",
        ),
        "statements": [{"text": "Marks have fallen", "source": "school", "verified": True}],
        "needs": ["Psychosocial support", "Support for the mother"],
        "risks": ["Worsening mental health"],
        "strengths": ["Her school noticed and acts"],
        "open_questions": [],
        "child_participated": True,
    }
    return body | changes


def a_goal(served: Served, **changes: Any) -> dict[str, Any]:
    body = {
        "specific": "Noor's wellbeing improves",
        "measurable": "Fewer signs of anxiety",
        "achievable": "With support twice a month",
        "relevant": "It answers her distress",
        "time_bound": (served.clock.at + timedelta(days=183)).date().isoformat(),
        "measures": ["Regular assessments", "School feedback"],
    }
    return body | changes


def an_action(served: Served, **changes: Any) -> dict[str, Any]:
    body = {
        "title": "Meeting with the school",
        "answers": ["need-1", "risk-1"],
        "responsible": "caseworker",
        "due": ahead(served, days=30),
    }
    return body | changes


def a_follow_up(served: Served, **changes: Any) -> dict[str, Any]:
    until = (served.clock.at + timedelta(days=61)).date().isoformat()
    body = {
        "with": "child",
        "method": "home-visit",
        "rhythm": [{"every": "2 weeks", "until": until}, {"every": "1 months"}],
    }
    return body | changes


def a_plan(served: Served, **changes: Any) -> dict[str, Any]:
    body = {
        "goal": a_goal(served),
        "actions": [an_action(served)],
        "follow_ups": [a_follow_up(served)],
        "participants": ["child", "mother"],
        "agreed_with": ["child", "mother"],
    }
    return body | changes


def a_closure_request(**changes: Any) -> dict[str, Any]:
    body = {
        "ground": "moved-away",
        "reasons": "The family lives with an aunt abroad now",
        "no_transfer_because": "There is no agency where they live now",
        "discussed_with_child": True,
        "discussed_with_family": True,
        "how_to_come_back": "Call the office or the school",
    }
    return body | changes


def a_finding(served: Served, **changes: Any) -> dict[str, Any]:
    body = {
        "method": "home-visit",
        "occurred_at": served.clock.at.isoformat(),
        "finding": "same",
        "note": "She drew a house",
    }
    return body | changes


async def done(served: Served, who: str, path: str, body: Any = None) -> dict[str, Any]:
    """The answer of a request that succeeds."""
    answer = await served.post(who, path, body)
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refused(
    served: Served, who: str, path: str, body: Any, status: int, code: str
) -> dict[str, Any]:
    """The problem that a request is answered with; nothing is said on the bus for it."""
    before = await served.said()
    answer = await served.post(who, path, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert await served.said() == before
    found: dict[str, Any] = answer.json()
    return found


def fields(problem: dict[str, Any]) -> list[str]:
    return [error["field"] for error in problem["errors"]]


async def a_registered_case(served: Served, **changes: Any) -> str:
    return str((await done(served, CORA, "/cases", a_new_case(**changes)))["case_ref"])


async def an_assessed_case(served: Served) -> str:
    ref = await a_registered_case(served)
    served.clock.forward(days=1)
    await done(served, CORA, f"/cases/{ref}/initial-assessment", an_initial_assessment(served))
    served.clock.forward(days=9)
    await done(served, CORA, f"/cases/{ref}/comprehensive-assessment", an_assessment())
    return ref


async def an_active_case(served: Served, **plan: Any) -> tuple[str, dict[str, Any]]:
    """Its reference, and the plan as it was agreed."""
    ref = await an_assessed_case(served)
    agreed = await done(served, CORA, f"/cases/{ref}/plan", a_plan(served, **plan))
    return ref, agreed


async def a_closing_case(served: Served) -> str:
    ref, _ = await an_active_case(served)
    await done(served, CORA, f"/cases/{ref}/closure-request", a_closure_request())
    return ref


async def a_closed_case(served: Served) -> str:
    ref = await a_closing_case(served)
    await done(served, SAMI, f"/cases/{ref}/closure-approval", {"note": "Agreed"})
    return ref


async def open_steps(served: Served, ref: str) -> dict[str, datetime]:
    """Due instants of what is owed on the case, by step."""
    rows = await served.rows("SELECT step, due_at FROM deadlines WHERE state = 'open'")
    return {row["step"]: row["due_at"] for row in rows}


async def states(served: Served, step: str) -> list[str]:
    rows = await served.rows("SELECT step, state FROM deadlines ORDER BY anchored_at, due_at")
    return [row["state"] for row in rows if row["step"] == step]


def agency(agency_id: str = NORTH, policy: str = "default") -> AgencyRegistered:
    return AgencyRegistered(agency_id=agency_id, at=DAY_0, zone="Europe/Berlin", policy=policy)


def staff(
    staff_id: str, *roles: Role, agency_id: str = NORTH, team: str | None = "team-a", active=True
) -> StaffRegistered:
    return StaffRegistered(
        agency_id=agency_id, at=DAY_0, staff_id=staff_id, team_id=team, roles=roles, active=active
    )
