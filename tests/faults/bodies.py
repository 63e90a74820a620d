"""What people say in their commands, with dates in the case's time."""

from datetime import datetime, timedelta
from typing import Any

from tests.faults.people import AGENCY, AREA, NEED, SUPERVISOR, TEAM

Body = dict[str, Any]
CHILD = {"name": "Example", "age": 12, "gender": "girl", "location": "Example Street 4"}
REFERRED = {
    "source": "school", "criteria": ["emotional-distress"], "child": CHILD,
    "concerns": "An example.", "team_id": TEAM,
}  # fmt: skip
CONSENT = {
    "given_by": "mother", "how": "written", "purposes": ["case-management", "referral"], "explained": True,
}  # fmt: skip
ENROLMENT = {
    "consent": CONSENT, "expectations": {"can": ["Regular talks"], "cannot": ["Money"]},
    "supervisor_id": SUPERVISOR,
}  # fmt: skip
INTAKE: Body = {**REFERRED, "agency_id": AGENCY}


def registration(caseworker: str) -> Body:
    return {**ENROLMENT, "caseworker_id": caseworker}


def case(caseworker: str) -> Body:
    return {**REFERRED, **ENROLMENT, "caseworker_id": caseworker}


def initial_assessment(risk: str, tested_by: datetime) -> Body:
    plan = {
        "measures": [{"who": "mother", "what": "Is at home in the evening"}],
        "protective_factors": ["School"], "tested_by": tested_by.isoformat(),
    }  # fmt: skip
    return {
        "risk": risk, "immediate_needs": ["Somebody to talk to"], "safety": "No danger seen.",
        "urgent_actions": [], "safety_plan": plan,
    }  # fmt: skip


COMPREHENSIVE: Body = {
    "stages": dict.fromkeys(("planning", "gathering", "verification", "analysis"), "Done."),
    "elements": dict.fromkeys(
        (
            "childs_views", "family_and_relationships", "safe_environment",
            "development_and_identity", "strengths_and_resources",
        ),
        "Seen.",
    ),
    "statements": [{"text": "Marks have fallen", "source": "school", "verified": True}],
    "needs": ["Support"], "risks": ["Withdrawal"], "strengths": ["School"], "open_questions": [],
    "child_participated": True,
}  # fmt: skip


def plan(now: datetime, due: list[datetime]) -> Body:
    goal = {
        **dict.fromkeys(("specific", "measurable", "achievable", "relevant"), "Said in words."),
        "time_bound": (now + timedelta(hours=4320)).date().isoformat(), "measures": ["A talk"],
    }  # fmt: skip
    return {
        "goal": goal,
        "actions": [
            {"title": "Support", "answers": ["need-1", "risk-1"], "responsible": "caseworker",
             "due": each.isoformat(), "consents_needed": []}
            for each in due
        ],
        "follow_ups": [
            {"with": "child", "method": "home-visit"},
            {"with": "school", "method": "call", "rhythm": [{"every": "2 weeks", "until": None}]},
        ],
        "strengths": [], "participants": ["child", "mother"], "agreed_with": ["child", "mother"],
    }  # fmt: skip


def visit(now: datetime, finding: str) -> Body:
    return {
        "method": "home-visit", "occurred_at": now.isoformat(), "finding": finding, "note": "Seen.",
    }  # fmt: skip


def referral(case_ref: str, consented_at: datetime, urgent: bool) -> Body:
    return {
        "case_ref": case_ref, "need": NEED, "area": AREA, "urgent": urgent,
        "summary": "Counselling is asked for.", "shared": {"age": "12"},
        "consent": {
            "given_by": "mother", "purpose": "referral", "recorded_at": consented_at.isoformat(),
        },
    }  # fmt: skip


def closure_request() -> Body:
    return {
        "ground": "goals-achieved", "reasons": "The gains hold.", "discussed_with_child": True,
        "discussed_with_family": True, "how_to_come_back": "Call us.",
    }  # fmt: skip


def outcome(now: datetime) -> Body:
    return {
        "outcome": "no-change", "held_at": now.isoformat(), "child_took_part": True,
        "why_not": None, "minutes": "Held.", "decisions": [],
    }  # fmt: skip
