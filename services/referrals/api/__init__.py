"""Referrals over HTTP: what the case's side and the provider asked may do, and what each is shown."""

from services.referrals.api import (
    asking,
    capacity,
    deadlines,
    ending,
    helping,
    links,
    metrics,
    reading,
    sharing,
)

ROUTERS = (
    asking.router,
    reading.router,
    helping.router,
    ending.router,
    sharing.router,
    links.router,
    capacity.router,
    metrics.router,
    deadlines.router,
)

__all__ = ["ROUTERS"]
