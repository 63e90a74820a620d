"""The HTTP face of cases: a route parses, calls one command or query, answers."""

from services.cases.api import assessment, closure, deadlines, plan, reading, registration

ROUTERS = (
    registration.router,
    reading.router,
    assessment.router,
    plan.router,
    closure.router,
    deadlines.router,
)

__all__ = ["ROUTERS"]
