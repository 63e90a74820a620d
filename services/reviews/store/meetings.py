"""Conferences and planning meetings as rows: each load takes the viewer, and opens what that viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, or_, select, update

from domain.decisions import Taken
from domain.disclosure import Viewer, visible_sections
from domain.errors import Hidden, Missing
from domain.meeting import Meeting, MeetingKind
from domain.meeting_states import MeetingState
from domain.minutes import Minutes
from domain.vocabulary import Section
from infrastructure import paging
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.store import decisions, sealed
from services.reviews.store.known_cases import KnownCase, known_case
from services.reviews.store.meeting_tables import MEETING_CHANGES, MEETINGS
from services.reviews.store.minutes import minute_columns, minutes_of
from services.reviews.store.tables import CASES

_SCALARS = (
    "case_ref", "policy", "called_by", "called_at", "chair_id", "meeting_at", "sequence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeenMeeting:
    """A meeting with its case, and what the viewer may see of it."""

    meeting: Meeting
    case: KnownCase
    sections: frozenset[Section]
    is_invited: bool
    decisions: tuple[Taken, ...] = ()


async def load(
    uow: UnitOfWork, meeting_id: UUID, viewer: Viewer, *, lock: bool = False
) -> SeenMeeting:
    """Raises Missing, or Hidden (answers alike). Locked, it stays as it is till the commit."""
    if lock:
        ref = select(MEETINGS.c.case_ref).where(MEETINGS.c.id == meeting_id).scalar_subquery()
        await uow.connection.execute(
            select(CASES.c.case_ref).where(CASES.c.case_ref == ref).with_for_update()
        )
    query = _joined().where(MEETINGS.c.id == meeting_id)
    rows = await _rows(uow, query.with_for_update(of=MEETINGS) if lock else query)
    if not rows:
        raise Missing
    found = await _if_visible(uow, rows[0], viewer)
    if found is None:
        uow.audit("meeting.read", rows[0]["case_ref"], outcome="hidden")
        raise Hidden
    return found


async def of_case(
    uow: UnitOfWork, case_ref: str, viewer: Viewer, cursor: str | None, limit: int
) -> tuple[list[SeenMeeting], str | None]:
    """Those that the viewer may see, by the date they were set for; raises Missing or Hidden."""
    await _demand_case(uow, case_ref, viewer)
    return await _page(uow, _joined().where(MEETINGS.c.case_ref == case_ref), viewer, cursor, limit)


async def _demand_case(uow: UnitOfWork, case_ref: str, viewer: Viewer) -> None:
    """Whoever may see neither the case nor a meeting on it learns of none; raises Missing or Hidden."""
    case = await uow.connection.execute(select(CASES).where(CASES.c.case_ref == case_ref))
    known = case.mappings().first()
    if known is None:
        raise Missing
    rows = await _rows(uow, _joined().where(MEETINGS.c.case_ref == case_ref))
    may_know = Section.REFERENCE in visible_sections(viewer, known_case(known).custody())
    if not (may_know or any(_sight(row, viewer) for row in rows)):
        uow.audit("meeting.read", case_ref, outcome="hidden")
        raise Hidden


async def _page(
    uow: UnitOfWork, query: Select[Any], viewer: Viewer, cursor: str | None, limit: int
) -> tuple[list[SeenMeeting], str | None]:
    by = [MEETINGS.c.meeting_at, MEETINGS.c.id]
    rows, following = await paging.page(uow, query, by, cursor, limit)
    seen = [each for row in rows if (each := await _if_visible(uow, row, viewer))]
    return seen, following


async def ahead_of(
    uow: UnitOfWork, viewer: Viewer, cursor: str | None, limit: int
) -> tuple[list[SeenMeeting], str | None]:
    """Those that stand which the viewer leads or is invited to, or whose case is the viewer's own."""
    mine = or_(
        MEETINGS.c.chair_id == viewer.staff_id,
        MEETINGS.c.participants.contains([viewer.staff_id]),
        CASES.c.caseworker_id == viewer.staff_id,
        CASES.c.supervisor_id == viewer.staff_id,
    )
    query = _joined().where(MEETINGS.c.state == MeetingState.CALLED.value, mine)
    return await _page(uow, query, viewer, cursor, limit)


async def standing_on(uow: UnitOfWork, case_ref: str) -> list[Meeting]:
    """For the platform itself; locked."""
    query = select(MEETINGS).where(
        MEETINGS.c.case_ref == case_ref, MEETINGS.c.state == MeetingState.CALLED.value
    )
    rows = await _rows(uow, query.order_by(MEETINGS.c.id).with_for_update())
    return [_meeting(row) for row in rows]


async def add(uow: UnitOfWork, meeting: Meeting) -> None:
    seal = await sealed.for_writing(uow, meeting.case_ref)
    words = seal.close(sealed.of_meeting(meeting.id, "purpose"), meeting.purpose or "")
    await uow.connection.execute(
        insert(MEETINGS).values(id=meeting.id, purpose=words, **_columns(meeting))
    )


async def save(uow: UnitOfWork, meeting: Meeting) -> None:
    changes = _columns(meeting)
    if (recorded := meeting.recorded) is not None:
        seal = await sealed.for_writing(uow, meeting.case_ref)
        changes |= minute_columns(recorded, seal, partial(sealed.of_meeting, meeting.id))
    await uow.connection.execute(
        update(MEETINGS).where(MEETINGS.c.id == meeting.id).values(**changes)
    )


async def note_change(uow: UnitOfWork, meeting: Meeting, reason: str) -> None:
    """Appends the meeting as it now stands."""
    await uow.connection.execute(
        insert(MEETING_CHANGES).values(
            meeting_id=meeting.id,
            sequence=meeting.sequence,
            reason=reason,
            chair_id=meeting.chair_id,
            participants=list(meeting.participants),
            meeting_at=meeting.meeting_at,
            set_at=uow.now,
            set_by=uow.viewer.staff_id,
        )
    )


def _joined() -> Select[Any]:
    apart = [CASES.c[name].label(f"case_{name}") for name in CASES.c.keys()]  # noqa: SIM118
    return select(MEETINGS, *apart).join(CASES, CASES.c.case_ref == MEETINGS.c.case_ref)


async def _rows(uow: UnitOfWork, query: Select[Any]) -> Sequence[Any]:
    return list((await uow.connection.execute(query)).mappings())


def _sight(row: Any, viewer: Viewer) -> tuple[KnownCase, frozenset[Section], bool] | None:
    """Its case, what she sees of it, and whether she is invited; None: she may not know of the meeting."""
    case = known_case({name: row[f"case_{name}"] for name in CASES.c.keys()})  # noqa: SIM118
    sections = visible_sections(viewer, case.custody(row["chair_id"]))
    is_invited = viewer.staff_id in (row["chair_id"], row["called_by"], *row["participants"])
    may_know = is_invited or Section.REFERENCE in sections
    return (case, sections, is_invited) if may_know else None


async def _if_visible(uow: UnitOfWork, row: Any, viewer: Viewer) -> SeenMeeting | None:
    sight = _sight(row, viewer)
    if sight is None:
        return None
    case, sections, is_invited = sight
    if not (is_invited or Section.PLAN in sections):
        return SeenMeeting(_meeting(row), case, sections, is_invited)
    seal = await sealed.for_reading(uow, case.case_ref)
    recorded = None
    if row["held_at"] is not None:
        opens = seal if Section.ASSESSMENT in sections else None
        words = minutes_of(row, opens, partial(sealed.of_meeting, row["id"]))
        recorded = Minutes(**words)
    taken = await decisions.of(uow, row["id"]) if Section.PLAN in sections else ()
    purpose = seal.open(sealed.of_meeting(row["id"], "purpose"), row["purpose"])
    return SeenMeeting(_meeting(row, recorded, purpose), case, sections, is_invited, taken)


def _meeting(row: Any, recorded: Minutes | None = None, purpose: str | None = None) -> Meeting:
    return Meeting(
        id=row["id"],
        kind=MeetingKind(row["kind"]),
        state=MeetingState(row["state"]),
        participants=tuple(row["participants"]),
        recorded=recorded,
        purpose=purpose,
        **{name: row[name] for name in _SCALARS},
    )


def _columns(meeting: Meeting) -> dict[str, Any]:
    return {
        "kind": meeting.kind.value,
        "state": meeting.state.value,
        "participants": list(meeting.participants),
        **{name: getattr(meeting, name) for name in _SCALARS},
    }
