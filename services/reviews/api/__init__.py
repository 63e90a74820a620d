"""The routes of reviews and meetings: a route parses, calls one command or query, answers."""

from services.reviews.api import decisions, meetings, reports, reviews

ROUTERS = (reviews.router, meetings.router, reports.router, decisions.router)

__all__ = ["ROUTERS"]
