"""The directory over HTTP. Keeping it needs the role administrator; reading it, a valid token."""

from services.agencies.api import agencies, hsds, offers, pathways, people

ROUTERS = (agencies.router, people.router, offers.router, pathways.router, hsds.router)

__all__ = ["ROUTERS"]
