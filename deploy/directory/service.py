"""The agencies service, as the command line asks it."""

from collections.abc import Iterator
from typing import Any

import httpx2

from deploy.directory.errors import DirectoryCommandError

PATIENCE = 120.0  # seconds: a piece of some hundred services is taken in one transaction
PER_PAGE = 50


class AgenciesService:
    """Raises DirectoryCommandError with what the service says when it refuses."""

    def __init__(self, url: str, token: str, transport: httpx2.BaseTransport | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx2.Client(
            base_url=url, headers=headers, timeout=PATIENCE, transport=transport
        )

    def take(self, body: dict[str, Any]) -> dict[str, Any]:
        """The report of an import."""
        return self._answer("POST", "/directory/hsds", json=body)

    def organizations(self) -> Iterator[dict[str, Any]]:
        """All of them, page by page."""
        page, last = 0, False
        while not last:
            page += 1
            found = self._answer(
                "GET", "/directory/hsds", params={"page": page, "per_page": PER_PAGE}
            )
            yield from found["contents"]
            last = found["last_page"]

    def _answer(self, method: str, path: str, **said: Any) -> dict[str, Any]:
        try:
            answer = self._client.request(method, path, **said)
        except httpx2.HTTPError as failed:
            raise DirectoryCommandError(f"The agencies service did not answer: {failed}") from None
        if answer.is_error:
            raise DirectoryCommandError(f"The agencies service refused: {_why(answer)}")
        found: dict[str, Any] = answer.json()
        return found


def _why(answer: httpx2.Response) -> str:
    try:
        problem = answer.json()
        return f"{answer.status_code} {problem['code']}: {problem['detail']}"
    except (ValueError, KeyError, TypeError):
        return str(answer.status_code)
