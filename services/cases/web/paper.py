"""A page as PDF, right to left where its language is; only where the libraries that draw text are installed."""

import asyncio
from typing import NoReturn

from domain.errors import DomainError


class PdfNotAvailable(DomainError):
    """PDF cannot be written here: install Pango 1.44 or newer (Debian: libpango-1.0-0, libpangoft2-1.0-0)."""

    code = "pdf-not-available"
    status = 501


async def as_pdf(page: str) -> bytes:
    """Drawn in a thread of its own; fetches nothing, from here or elsewhere. Raises PdfNotAvailable."""
    return await asyncio.to_thread(_draw, page)


def _draw(page: str) -> bytes:
    try:
        # A start of the service must not pay for it, nor fail where Pango is not installed.
        from weasyprint import HTML
    except (ImportError, OSError):
        raise PdfNotAvailable from None
    drawn: bytes = HTML(string=page, url_fetcher=_fetch_nothing).write_pdf(pdf_tags=True)
    return drawn


def _fetch_nothing(url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError(f"A page on paper fetches nothing, {url.partition(':')[0]} neither.")
