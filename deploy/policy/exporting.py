"""The past facts of a running stack, from the services that own duties; under pseudonyms, to be handed on."""

from collections.abc import Iterable, Mapping, Sequence

import httpx2

from contracts.past_facts import FactLine, FactPage
from deploy.policy.errors import PolicyCommandError
from domain.vocabulary import Risk, SubjectType

_PATIENCE = 60.0  # seconds for a page


def exported(
    urls: Mapping[str, str], token: str, transport: httpx2.BaseTransport | None = None
) -> list[FactLine]:
    """Owner by owner, each in the order of recording; raises PolicyCommandError."""
    signed_in = {"Authorization": f"Bearer {token}"}
    try:
        with httpx2.Client(timeout=_PATIENCE, headers=signed_in, transport=transport) as client:
            found = [line for owner, url in urls.items() for line in _of(client, url, owner)]
    except httpx2.HTTPError as error:
        raise PolicyCommandError(f"The services cannot be asked: {error}") from None
    return with_risks(found)


def with_risks(lines: Sequence[FactLine]) -> list[FactLine]:
    """Only the case's own service says the risk; another's fact has the risk that stood at its instant."""
    said: dict[str, list[FactLine]] = {}
    for line in lines:
        if line.risk is not None and line.subject_type is SubjectType.CASE:
            said.setdefault(line.case, []).append(line)
    return [
        line if line.owner == "cases" else line.model_copy(update={"risk": _risk_at(line, said)})
        for line in lines
    ]


def _risk_at(line: FactLine, said: Mapping[str, Sequence[FactLine]]) -> Risk | None:
    by_then = [each.risk for each in said.get(line.case, ()) if each.at <= line.at]
    return by_then[-1] if by_then else None


def _of(client: httpx2.Client, url: str, owner: str) -> Iterable[FactLine]:
    cursor: str | None = None
    while True:
        asked = {"limit": "1000"} | ({"cursor": cursor} if cursor else {})
        answer = client.get(f"{url}/operations/facts", params=asked)
        if answer.is_error:
            raise PolicyCommandError(f"{owner}: {answer.status_code} {answer.text}")
        page = FactPage.model_validate_json(answer.content)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def pseudonymised(lines: Iterable[FactLine]) -> list[FactLine]:
    """Cases and subjects are numbered in the order met; what leads back to the record goes."""
    cases: dict[str, str] = {}
    subjects: dict[str, str] = {"": ""}
    found = []
    for line in lines:
        case = cases.setdefault(line.case, f"case-{len(cases) + 1}")
        own = "" if line.subject_id == line.case else line.subject_id
        subject = subjects.setdefault(own, f"subject-{len(subjects)}")
        found.append(line.model_copy(update={"case": case, "subject_id": subject, "id": None}))
    return found
