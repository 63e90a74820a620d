"""Pages that referrals serves: a provider's by its link, figures for those who lead, and signing in to these."""

from infrastructure import session_pages
from services.referrals.web import figure_pages, provider_pages

ROUTERS = (provider_pages.router, figure_pages.router, session_pages.router)

__all__ = ["ROUTERS"]
