"""The HTTP face of cases: a route parses, calls one command or query, answers."""

from services.cases.api import (
    assessment,
    caseload,
    closure,
    deadlines,
    implementation,
    past_facts,
    plan,
    questions,
    reading,
    registration,
    statement,
    transfer,
)

ROUTERS = (
    registration.router,
    reading.router,
    assessment.router,
    questions.router,
    plan.router,
    implementation.router,
    closure.router,
    deadlines.router,
    past_facts.router,
    statement.router,
    transfer.router,
    caseload.router,
)

__all__ = ["ROUTERS"]
