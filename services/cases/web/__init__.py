"""Pages that cases serves: the family's statement."""

from services.cases.web import statement_pages

ROUTERS = (statement_pages.router,)

__all__ = ["ROUTERS"]
