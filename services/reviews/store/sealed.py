"""The words of a review, sealed under the case's key, each bound to its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.reviewing import Review
from infrastructure import crypto
from infrastructure.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Texts:
    """What was opened; empty where the viewer may not see it."""

    minutes: str
    why_not: str | None
    decisions: tuple[str, ...]


async def columns(uow: UnitOfWork, review: Review) -> dict[str, Any]:
    """The outcome's columns of the review's row."""
    recorded = review.recorded
    if recorded is None:
        return {}
    key = await crypto.case_key(uow, review.case_ref, create=True)

    def seal(field: str, plain: str | None) -> bytes | None:
        place = f"review/{review.id}/{field}"
        return None if plain is None else crypto.seal(key, review.case_ref, place, plain)

    return {
        "outcome": recorded.outcome.value,
        "held_at": recorded.held_at,
        "child_took_part": recorded.child_took_part,
        "why_not": seal("why_not", recorded.why_not),
        "minutes": seal("minutes", recorded.minutes),
    }


async def decision_rows(uow: UnitOfWork, review: Review) -> list[dict[str, Any]]:
    recorded = review.recorded
    if recorded is None or not recorded.decisions:
        return []
    key = await crypto.case_key(uow, review.case_ref, create=True)
    return [
        {
            "review_id": review.id,
            "place": place,
            "text": crypto.seal(
                key, review.case_ref, f"review/{review.id}/decision/{place}", decision.text
            ),
            "owner": decision.owner.value,
            "due": decision.due,
        }
        for place, decision in enumerate(recorded.decisions, start=1)
    ]


async def opened(uow: UnitOfWork, row: Any, decisions: Sequence[Any], *, whole: bool) -> Texts:
    """The decisions, and, when `whole`, the minutes and why the child took no part."""
    key = await crypto.case_key(uow, row["case_ref"])

    def read(field: str, stored: bytes | None) -> str | None:
        place = f"review/{row['id']}/{field}"
        if stored is None:
            return None
        return crypto.open_sealed(key, row["case_ref"], place, bytes(stored))

    return Texts(
        minutes=(read("minutes", row["minutes"]) or "") if whole else "",
        why_not=read("why_not", row["why_not"]) if whole else None,
        decisions=tuple(
            read(f"decision/{each['place']}", each["text"]) or "" for each in decisions
        ),
    )
