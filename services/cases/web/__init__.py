"""Pages that cases serves: the family's statement, the case file, the chronology; and signing in to the latter."""

from infrastructure import session_pages
from services.cases.web import caseload_pages, record_pages, statement_pages

ROUTERS = (statement_pages.router, record_pages.router, caseload_pages.router, session_pages.router)

__all__ = ["ROUTERS"]
