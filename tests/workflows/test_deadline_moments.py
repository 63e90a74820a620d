"""Every deadline of the default pack, one minute before and one minute after each of its moments.

For each step and each limit it has by risk there are two deadlines: one is left open, the other is met one
minute before it is due. All of one subject run together in one world: its time skips for all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from contracts.events.deadlines import DeadlineEvent
from domain.deadlines import DUE, Deadline
from domain.vocabulary import Risk
from infrastructure.ids import derived_id, new_id
from tests.workflows.props import (
    CASE,
    RememberingBus,
    a_deadline,
    deadline_met,
    deadline_set,
    default_pack,
)
from tests.workflows.skipping import MINUTE, Skipping, skipping_world
from workflows.bridge_table import watcher_of

AGREED = timedelta(days=30)
KINDS = ("case", "referral", "review", "closure")


def limits() -> Iterator[tuple[str, Risk]]:
    """Each step with each risk that gives it a limit of its own."""
    for step in default_pack().steps.values():
        seen = set()
        for risk, limit in step.limits.items():
            if limit not in seen:
                seen.add(limit)
                yield step.key, risk


LIMITS = tuple(limits())


def kind_of(step: str) -> str:
    return watcher_of(default_pack().step(step).subject)


@dataclass
class Story:
    """What was said of each deadline, as seen a minute before and a minute after each moment."""

    left_open: dict[tuple[str, Risk], Deadline] = field(default_factory=dict)
    met_in_time: dict[tuple[str, Risk], Deadline] = field(default_factory=dict)
    before: dict[tuple[Deadline, str], bool] = field(default_factory=dict)
    after: dict[tuple[Deadline, str], bool] = field(default_factory=dict)
    bus: RememberingBus = field(default_factory=RememberingBus)


def _two(step: str, risk: Risk, start: datetime, key: str) -> tuple[Deadline, Deadline]:
    one, other = (
        a_deadline(step, start, subject_id=key, risk=risk, agreed_due=start + AGREED)
        for _ in range(2)
    )
    return one, other


async def _play(world: Skipping, story: Story, kind: str) -> None:
    start = await world.now() + timedelta(hours=1)
    key = CASE if kind == "case" else str(new_id())
    for step, risk in LIMITS:
        if kind_of(step) == kind:
            chosen = _two(step, risk, start, key)
            story.left_open[step, risk], story.met_in_time[step, risk] = chosen
    every = [*story.left_open.values(), *story.met_in_time.values()]
    handle = await world.begin(kind, key, *(deadline_set(each) for each in every))
    for instant in sorted(_instants(every)):
        await world.until(instant)
        met: list[DeadlineEvent] = [
            deadline_met(each, instant)
            for each in story.met_in_time.values()
            if each.due_at - MINUTE == instant
        ]
        if met:
            await world.tell(handle, *met)
        _look(story, every, instant)


def _instants(deadlines: list[Deadline]) -> set[datetime]:
    moments = [moment.at for each in deadlines for moment in each.moments]
    return {at + by for at in moments for by in (-MINUTE, MINUTE)}


def _look(story: Story, deadlines: list[Deadline], instant: datetime) -> None:
    for each in deadlines:
        said = story.bus.moments(each)
        for moment in each.moments:
            if moment.at - MINUTE == instant:
                story.before[each, moment.name] = moment.name in said
            if moment.at + MINUTE == instant:
                story.after[each, moment.name] = moment.name in said


@pytest.fixture(scope="module")
def stories() -> dict[str, Story]:
    return {}


@pytest.fixture
async def story(request: pytest.FixtureRequest, stories: dict[str, Story]) -> Story:
    """The story of the step's subject, played once and looked at by every test of it."""
    kind = kind_of(request.node.callspec.params["step"])
    if kind not in stories:
        played = Story()
        async with skipping_world(played.bus) as world:
            await _play(world, played, kind)
        stories[kind] = played
    return stories[kind]


@pytest.mark.parametrize(("step", "risk"), LIMITS)
def test_a_moment_is_said_when_it_has_come_and_not_a_minute_before(story, step, risk):
    deadline = story.left_open[step, risk]
    names = [moment.name for moment in deadline.moments]
    assert DUE in names
    assert {name: story.before[deadline, name] for name in names} == dict.fromkeys(names, False)
    assert {name: story.after[deadline, name] for name in names} == dict.fromkeys(names, True)


@pytest.mark.parametrize(("step", "risk"), LIMITS)
def test_a_moment_is_said_with_its_own_instant_and_a_fixed_id(story, step, risk):
    deadline = story.left_open[step, risk]
    # A task that the server does not accept is done again: what it said is then said twice, as one event.
    by_id = {each.id: each for each in story.bus.envelopes if each.subject == str(deadline.id)}
    said = list(by_id.values())
    assert [(each.event.moment, each.event.at) for each in said] == [
        (moment.name, moment.at) for moment in deadline.moments
    ]
    assert [each.id for each in said] == [
        derived_id(str(deadline.id), "1", moment.name) for moment in deadline.moments
    ]
    assert [each.sequence for each in said] == list(range(1, len(said) + 1))


@pytest.mark.parametrize(("step", "risk"), LIMITS)
def test_a_duty_met_a_minute_before_is_never_said_to_be_due(story, step, risk):
    deadline = story.met_in_time[step, risk]
    early = [moment.name for moment in deadline.moments if moment.at < deadline.due_at - MINUTE]
    assert list(dict.fromkeys(story.bus.moments(deadline))) == early
    assert not story.after[deadline, DUE]


def test_every_step_and_every_subject_is_played():
    assert {step for step, _ in LIMITS} == set(default_pack().steps)
    assert {kind_of(step) for step, _ in LIMITS} == set(KINDS)
