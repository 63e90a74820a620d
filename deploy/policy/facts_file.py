"""Files of past facts: one JSON object a line, read strictly, every fault by file and line."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from contracts.past_facts import FactLine
from deploy.policy.errors import PolicyCommandError
from domain.deadlines import NAMESPACE, Fact
from domain.replaying import PastFact
from domain.time_granted import Grant
from domain.vocabulary import Risk, SubjectType

_SHOWN = 20  # faults; a file of another kind has one on every line


def read_facts(path: Path, policy: str) -> list[PastFact]:
    """In the file's order; `policy` is that of lines which name none. Raises PolicyCommandError."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as unread:
        raise PolicyCommandError(f"{path}: it cannot be read: {unread}") from None
    lines, faults = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            lines.append(FactLine.model_validate_json(line))
        except ValidationError as wrong:
            faults += [f"{path}:{number}: {_sentence(each)}" for each in wrong.errors()]
    if faults:
        more = [f"... and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
        raise PolicyCommandError("\n".join([*faults[:_SHOWN], *more]))
    if not lines:
        raise PolicyCommandError(f"{path}:1: there is no fact in this file")
    return past_facts(lines, policy)


def past_facts(lines: Sequence[FactLine], policy: str) -> list[PastFact]:
    """A line that names no risk has the last that one about the whole case has said; at first, unknown."""
    risks: dict[str, Risk] = {}
    found = []
    for line in lines:
        risk = line.risk or risks.get(line.case, Risk.UNKNOWN)
        if line.subject_type is SubjectType.CASE:
            risks[line.case] = risk
        fact = Fact(
            id=line.id or _made_id(line),
            name=line.fact,
            at=line.at.astimezone(UTC),
            case_ref=line.case,
            agency_id="",
            policy=line.policy or policy,
            risk=risk,
            subject_type=line.subject_type,
            subject_id=line.subject_id or line.case,
            agreed_due=line.agreed_due,
            marks=frozenset(line.marks),
        )
        grant = Grant(line.step, line.granted) if line.step else None
        found.append(PastFact(fact, line.owner, line.rhythm, grant))
    return found


def written(lines: Iterable[FactLine]) -> str:
    """One line a fact; what is absent is left out."""
    return "".join(f"{line.model_dump_json(exclude_defaults=True)}\n" for line in lines)


def _made_id(line: FactLine) -> UUID:
    at: datetime = line.at.astimezone(UTC)
    parts = (line.case, line.fact, at.isoformat(), line.subject_type, line.subject_id)
    return uuid5(NAMESPACE, "|".join(parts))


def _sentence(wrong: ErrorDetails) -> str:
    kind, place = wrong["type"], ".".join(str(part) for part in wrong["loc"])
    if kind == "extra_forbidden":
        return f"{place}: not known; allowed: {', '.join(FactLine.model_fields)}"
    if kind == "json_invalid":
        return "not a JSON object"
    message = str(wrong["msg"]).lower().removeprefix("value error, ")
    return f"{place}: {message}" if place else message
