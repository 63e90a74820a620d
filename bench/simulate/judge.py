"""Judges a life after it has been played: every moment said once, when it came, and nothing else.

It reads only what was kept (instants and names); none of the rules that decided it is asked again.
"""

from collections.abc import Iterator
from datetime import datetime

from bench.simulate.record import Kept, Record
from bench.simulate.watchers import while_up
from domain.announcing import AnnouncementKind
from domain.vocabulary import DeadlineState

Down = tuple[datetime, datetime] | None


def faults(record: Record, until: datetime, down: Down) -> Iterator[tuple[str, str]]:
    """Kind (missed, early, late, doubled, wrong) and what it is about."""
    for kept in record.kept.values():
        for kind, moment in _faults_of(kept, until, down):
            yield kind, f"{record.case.ref} {kept.deadline.step} {moment}"
    if [at for at, _ in record.history] != sorted(at for at, _ in record.history):
        yield "wrong", f"{record.case.ref}: the history is not in order"


def _faults_of(kept: Kept, until: datetime, down: Down) -> Iterator[tuple[str, str]]:
    settled, acknowledged = kept.settled_known_at, kept.acknowledged_at
    for moment in kept.deadline.moments:
        comes = while_up(max(moment.at, kept.known_at), down)
        said = kept.said.get(moment.name)
        is_rung = moment.name.startswith("rung-")
        stopped = is_rung and acknowledged is not None and acknowledged <= comes
        if said is None:
            was_open = settled is None or settled > comes
            if was_open and comes < until and not stopped:
                yield "missed", moment.name
        elif said < moment.at:
            yield "early", moment.name
        elif said != comes:
            yield "late", f"{moment.name}: {comes} but {said}"
    yield from _spoken(kept)


def _spoken(kept: Kept) -> Iterator[tuple[str, str]]:
    settled = kept.settled_known_at
    names = [moment for _, moment, _ in kept.announced]
    breaches = [at for kind, _, at in kept.announced if kind is AnnouncementKind.MISSED]
    if len(set(names)) < len(names) or len(breaches) > 1:
        yield "doubled", ", ".join(names)
    if any(settled is not None and at > settled for *_, at in kept.announced):
        yield "wrong", "said after it was settled"
    in_time = kept.deadline.state is DeadlineState.MET
    due_at = kept.deadline.due_at
    # What is written up after the fact may set a duty that is past due when it becomes known.
    known = kept.known_at < due_at and settled is not None and settled <= due_at
    if in_time and known and breaches:
        yield "wrong", "missed, and yet met in time"
