"""Actions and follow-ups of a plan, and of the initial assessment. Load the case with its viewer before."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from domain.case import Case
from domain.consent import Needed
from domain.errors import Missing
from domain.follow_up import Piece, Track
from domain.planning import Action, ActionKind, ActionState
from domain.policy import Limit
from domain.vocabulary import Bearer, Method, Person
from infrastructure.crypto import CaseKey, case_key
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.narratives import opened, sealed
from services.cases.store.tables import actions, follow_ups

_OPEN = (ActionState.AGREED.value, ActionState.STARTED.value)


async def add_actions(
    uow: UnitOfWork, case: Case, agreed: Sequence[Action], titles: Sequence[str]
) -> None:
    if not agreed:
        return
    key = await case_key(uow, case.ref)
    rows = [
        _action_row(action)
        | {
            "case_ref": case.ref,
            "place": place,
            "plan_version": case.plan_version if action.kind is ActionKind.PLANNED else None,
            "title": sealed(key, case.ref, f"action/{action.id}", title),
        }
        for place, (action, title) in enumerate(zip(agreed, titles, strict=True))
    ]
    await uow.connection.execute(insert(actions), rows)


async def action(uow: UnitOfWork, case: Case, action_id: UUID) -> Action:
    """Raises Missing."""
    query = select(actions).where(actions.c.id == action_id, actions.c.case_ref == case.ref)
    row = (await uow.connection.execute(query)).mappings().first()
    if row is None:
        raise Missing
    return _action(row)


async def title_of(uow: UnitOfWork, case: Case, key: CaseKey | None, action_id: UUID) -> str | None:
    """What the action is called; None once the child's key is destroyed."""
    query = select(actions.c.title).where(actions.c.id == action_id, actions.c.case_ref == case.ref)
    title = (await uow.connection.execute(query)).scalar_one()
    told: str | None = opened(key, case.ref, f"action/{action_id}", title)
    return told


async def actions_of(
    uow: UnitOfWork, case: Case, key: CaseKey | None, version: int | None = None
) -> list[tuple[Action, str | None]]:
    """With their titles, by due date; with `version` those of that version of the plan, as it lists them."""
    query = select(actions).where(actions.c.case_ref == case.ref)
    if version is None:
        query = query.order_by(actions.c.due_at, actions.c.place, actions.c.id)
    else:
        query = query.where(actions.c.plan_version == version).order_by(actions.c.place)
    rows = (await uow.connection.execute(query)).mappings().all()
    return [
        (_action(row), opened(key, case.ref, f"action/{row['id']}", row["title"])) for row in rows
    ]


async def save_action(uow: UnitOfWork, changed: Action) -> None:
    await uow.connection.execute(
        update(actions)
        .where(actions.c.id == changed.id)
        .values(state=changed.state.value, started_at=changed.started_at, done_at=changed.done_at)
    )


async def replace_plan(
    uow: UnitOfWork, case: Case, kinds: Sequence[ActionKind] = (ActionKind.PLANNED,)
) -> None:
    """What the plan before still had open is replaced; what was done stays as it was."""
    await uow.connection.execute(
        update(actions)
        .where(
            actions.c.case_ref == case.ref,
            actions.c.kind.in_([kind.value for kind in kinds]),
            actions.c.state.in_(_OPEN),
        )
        .values(state=ActionState.REPLACED.value)
    )
    await uow.connection.execute(
        update(follow_ups).where(follow_ups.c.case_ref == case.ref).values(replaced=True)
    )


async def add_tracks(uow: UnitOfWork, case: Case, tracks: Sequence[Track]) -> None:
    rows = [
        _track_row(track)
        | {"case_ref": case.ref, "place": place, "plan_version": case.plan_version}
        for place, track in enumerate(tracks)
    ]
    await uow.connection.execute(insert(follow_ups), rows)


async def track(uow: UnitOfWork, case: Case, track_id: UUID) -> Track:
    """Raises Missing."""
    query = select(follow_ups).where(follow_ups.c.id == track_id, follow_ups.c.case_ref == case.ref)
    row = (await uow.connection.execute(query)).mappings().first()
    if row is None:
        raise Missing
    return _track(row)


async def tracks_of(uow: UnitOfWork, case: Case, version: int | None = None) -> list[Track]:
    query = (
        select(follow_ups)
        .where(follow_ups.c.case_ref == case.ref)
        .order_by(follow_ups.c.agreed_at, follow_ups.c.place)
    )
    if version is not None:
        query = query.where(follow_ups.c.plan_version == version)
    return [_track(row) for row in (await uow.connection.execute(query)).mappings()]


async def save_track(uow: UnitOfWork, changed: Track) -> None:
    await uow.connection.execute(
        update(follow_ups)
        .where(follow_ups.c.id == changed.id)
        .values(next_due=changed.next_due, last_at=changed.last_at)
    )


def _action_row(action: Action) -> dict[str, Any]:
    return {
        "id": action.id,
        "kind": action.kind.value,
        "responsible": action.responsible.value,
        "due_at": action.due_at,
        "answers": list(action.answers),
        "consents_needed": [[one.person.value, one.purpose] for one in action.consents_needed],
        "state": action.state.value,
        "started_at": action.started_at,
        "done_at": action.done_at,
    }


def _action(row: Mapping[Any, Any]) -> Action:
    return Action(
        id=row["id"],
        kind=ActionKind(row["kind"]),
        responsible=Bearer(row["responsible"]),
        due_at=row["due_at"],
        answers=tuple(row["answers"]),
        consents_needed=tuple(
            Needed(Person(person), purpose) for person, purpose in row["consents_needed"]
        ),
        state=ActionState(row["state"]),
        started_at=row["started_at"],
        done_at=row["done_at"],
    )


def _track_row(track: Track) -> dict[str, Any]:
    return {
        "id": track.id,
        "with_whom": track.with_whom.value,
        "method": track.method.value,
        "agreed_at": track.agreed_at,
        "next_due": track.next_due,
        "rhythm": [
            [str(piece.every), piece.until.isoformat() if piece.until else None]
            for piece in track.rhythm
        ],
        "last_at": track.last_at,
        "replaced": track.replaced,
    }


def _track(row: Mapping[Any, Any]) -> Track:
    return Track(
        id=row["id"],
        with_whom=Person(row["with_whom"]),
        method=Method(row["method"]),
        agreed_at=row["agreed_at"],
        next_due=row["next_due"],
        rhythm=tuple(
            Piece(Limit.parse(every), date.fromisoformat(until) if until else None)
            for every, until in row["rhythm"]
        ),
        last_at=row["last_at"],
        replaced=row["replaced"],
    )
