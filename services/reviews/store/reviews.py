"""Reviews as rows: each load takes the viewer, and opens only what that viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Select, false, func, insert, or_, select, update

from domain.decisions import Taken
from domain.disclosure import Viewer, visible_sections
from domain.errors import Hidden, Missing
from domain.meeting_states import REVIEW_STANDS
from domain.reviewing import Outcome, Review
from domain.vocabulary import ReviewOutcome, ReviewState, Role, Section
from infrastructure import paging
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.store import decisions, sealed
from services.reviews.store.known_cases import KnownCase, known_case
from services.reviews.store.minutes import minute_columns, minutes_of
from services.reviews.store.tables import CASES, REVIEW_MEETINGS, REVIEWS

MOST_AT_ONCE = 200
_STANDS = REVIEWS.c.state.in_([state.value for state in REVIEW_STANDS])
_SCALARS = (
    "case_ref", "number", "policy", "scheduled_at", "due_at", "convene_at", "postponements",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reviews of a list, and which page of it."""

    overdue: bool = False
    postponed: bool = False
    cursor: str | None = None
    limit: int = paging.USUAL


@dataclass(frozen=True, slots=True)
class Seen:
    """A review with its case, and the sections that the viewer may see of it."""

    review: Review
    case: KnownCase
    sections: frozenset[Section]
    decisions: tuple[Taken, ...] = ()


async def load(uow: UnitOfWork, review_id: UUID, viewer: Viewer, *, lock: bool = False) -> Seen:
    """Raises Missing, or Hidden (answers alike). Locked, it stays as it is till the commit."""
    if lock:
        await _lock_case(uow, review_id)
    query = _joined().where(REVIEWS.c.id == review_id)
    found = await _rows(uow, query.with_for_update(of=REVIEWS) if lock else query)
    if not found:
        raise Missing
    return await _seen(uow, found[0], viewer)


async def of_case(
    uow: UnitOfWork, case_ref: str, viewer: Viewer, wanted: Wanted
) -> tuple[list[Seen], str | None]:
    """Reviews of a case that the viewer may see, oldest first; raises Missing or Hidden."""
    await _demand_case(uow, case_ref, viewer)
    query = _joined().where(REVIEWS.c.case_ref == case_ref)
    return await _page(uow, query, [REVIEWS.c.number], viewer, wanted)


async def _demand_case(uow: UnitOfWork, case_ref: str, viewer: Viewer) -> None:
    """Whoever may see none of its reviews learns of none; raises Missing or Hidden."""
    found = await _rows(uow, _joined().where(REVIEWS.c.case_ref == case_ref))
    if not found:
        raise Missing
    if not any(_sections(row, viewer) for row in found):
        raise _hidden(uow, case_ref)


async def standing_with(
    uow: UnitOfWork, viewer: Viewer, wanted: Wanted
) -> tuple[list[Seen], str | None]:
    """The reviews that stand which the viewer chairs, or whose case is the viewer's own or agency's to manage."""
    manages = viewer.has(Role.MANAGER) and (wanted.overdue or wanted.postponed)
    mine = or_(
        (CASES.c.agency_id == viewer.agency_id) if manages else false(),
        REVIEWS.c.chair_id == viewer.staff_id,
        CASES.c.caseworker_id == viewer.staff_id,
        CASES.c.supervisor_id == viewer.staff_id,
    )
    query = _joined().where(_STANDS, mine)
    if wanted.overdue:
        query = query.where(REVIEWS.c.due_at < uow.now)
    if wanted.postponed:
        query = query.where(REVIEWS.c.postponements > 0)
    return await _page(uow, query, [REVIEWS.c.due_at, REVIEWS.c.id], viewer, wanted)


async def _page(
    uow: UnitOfWork, query: Select[Any], by: Sequence[Any], viewer: Viewer, wanted: Wanted
) -> tuple[list[Seen], str | None]:
    rows, following = await paging.page(uow, query, by, wanted.cursor, wanted.limit)
    seen = [each for row in rows if (each := await _if_visible(uow, row, viewer))]
    return seen, following


async def standing_on(uow: UnitOfWork, case_ref: str) -> Review | None:
    """For the platform itself; locked."""
    query = select(REVIEWS).where(REVIEWS.c.case_ref == case_ref, _STANDS).with_for_update()
    row = (await uow.connection.execute(query)).mappings().first()
    return _review(row) if row else None


async def chaired_by(uow: UnitOfWork, staff_id: str) -> list[UUID]:
    """For the platform itself: the reviews that stand under this chair."""
    query = select(REVIEWS.c.id).where(_STANDS, REVIEWS.c.chair_id == staff_id)
    return list((await uow.connection.execute(query.order_by(REVIEWS.c.due_at))).scalars())


async def seeking_a_chair(uow: UnitOfWork) -> list[UUID]:
    """For the platform itself: reviews whose convening is due and which nobody chairs."""
    query = select(REVIEWS.c.id).where(_STANDS, REVIEWS.c.chair_sought).order_by(REVIEWS.c.due_at)
    return list((await uow.connection.execute(query.limit(MOST_AT_ONCE))).scalars())


async def next_number(uow: UnitOfWork, case_ref: str) -> int:
    query = select(func.coalesce(func.max(REVIEWS.c.number), 0) + 1).where(
        REVIEWS.c.case_ref == case_ref
    )
    return int((await uow.connection.execute(query)).scalar_one())


async def add(uow: UnitOfWork, review: Review) -> None:
    await uow.connection.execute(insert(REVIEWS).values(id=review.id, **_columns(review)))


async def save(uow: UnitOfWork, review: Review) -> None:
    changes = _columns(review)
    if review.recorded is not None:
        seal = await sealed.for_writing(uow, review.case_ref)
        place = partial(sealed.of_review, review.id)
        changes |= minute_columns(review.recorded, seal, place)
        changes["outcome"] = review.recorded.outcome.value
    await uow.connection.execute(update(REVIEWS).where(REVIEWS.c.id == review.id).values(**changes))


async def note_meeting(uow: UnitOfWork, review: Review) -> None:
    """Appends the meeting as it now stands to those that were set before."""
    await uow.connection.execute(
        insert(REVIEW_MEETINGS).values(
            review_id=review.id,
            place=_times_set(review.id) + 1,
            chair_id=review.chair_id,
            participants=list(review.participants),
            meeting_at=review.meeting_at,
            set_at=uow.now,
            set_by=uow.viewer.staff_id,
        )
    )


async def times_set(uow: UnitOfWork, review_id: UUID) -> int:
    """How often its meeting was set."""
    return int((await uow.connection.execute(select(_times_set(review_id)))).scalar_one())


def _times_set(review_id: UUID) -> Any:
    one = REVIEW_MEETINGS.c.review_id == review_id
    return select(func.count()).select_from(REVIEW_MEETINGS).where(one).scalar_subquery()


def _joined() -> Select[Any]:
    apart = [CASES.c[name].label(f"case_{name}") for name in CASES.c.keys()]  # noqa: SIM118
    return select(REVIEWS, *apart).join(CASES, CASES.c.case_ref == REVIEWS.c.case_ref)


async def _lock_case(uow: UnitOfWork, review_id: UUID) -> None:
    """The case first, then its review: the order that the consumers keep too."""
    ref = select(REVIEWS.c.case_ref).where(REVIEWS.c.id == review_id).scalar_subquery()
    await uow.connection.execute(
        select(CASES.c.case_ref).where(CASES.c.case_ref == ref).with_for_update()
    )


async def _rows(uow: UnitOfWork, query: Select[Any]) -> Sequence[Any]:
    return list((await uow.connection.execute(query)).mappings())


async def _seen(uow: UnitOfWork, row: Any, viewer: Viewer) -> Seen:
    found = await _if_visible(uow, row, viewer)
    if found is None:
        raise _hidden(uow, row["case_ref"])
    return found


def _case(row: Any) -> KnownCase:
    return known_case({name: row[f"case_{name}"] for name in CASES.c.keys()})  # noqa: SIM118


def _sections(row: Any, viewer: Viewer) -> frozenset[Section]:
    """None at all unless she may know of the review."""
    sections = visible_sections(viewer, _case(row).custody(row["chair_id"]))
    return sections if Section.REFERENCE in sections else frozenset()


async def _if_visible(uow: UnitOfWork, row: Any, viewer: Viewer) -> Seen | None:
    case, sections = _case(row), _sections(row, viewer)
    if not sections:
        return None
    if not row["outcome"] or Section.PLAN not in sections:
        return Seen(_review(row), case, sections)
    recorded = await _outcome(uow, row, sections)
    return Seen(_review(row, recorded), case, sections, await decisions.of(uow, row["id"]))


def _hidden(uow: UnitOfWork, case_ref: str) -> Hidden:
    uow.audit("review.read", case_ref, outcome="hidden")
    return Hidden()


async def _outcome(uow: UnitOfWork, row: Any, sections: frozenset[Section]) -> Outcome:
    """Words stay sealed unless the viewer may see them."""
    whole = Section.ASSESSMENT in sections
    seal = await sealed.for_reading(uow, row["case_ref"]) if whole else None
    words = minutes_of(row, seal, partial(sealed.of_review, row["id"]))
    return Outcome(outcome=ReviewOutcome(row["outcome"]), **words)


def _review(row: Any, recorded: Outcome | None = None) -> Review:
    return Review(
        id=row["id"],
        state=ReviewState(row["state"]),
        chair_sought=row["chair_sought"],
        chair_id=row["chair_id"],
        participants=tuple(row["participants"]),
        meeting_at=row["meeting_at"],
        recorded=recorded,
        **{name: row[name] for name in _SCALARS},
    )


def _columns(review: Review) -> dict[str, Any]:
    return {
        "state": review.state.value,
        "chair_sought": review.chair_sought,
        "chair_id": review.chair_id,
        "participants": list(review.participants),
        "meeting_at": review.meeting_at,
        **{name: getattr(review, name) for name in _SCALARS},
    }
