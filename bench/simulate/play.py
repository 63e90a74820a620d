"""Plays one generated life from its seed: people act, the clock goes on, the record answers, the judge looks."""

import gc
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from bench.simulate.judge import faults
from bench.simulate.life import Life
from bench.simulate.watchers import Watchers
from contracts.events.timekeeping import DeadlineMomentReached
from domain.announcing import AnnouncementKind
from domain.case import IN_WORK
from domain.policy import Pack
from infrastructure.policy_packs import PolicyPacks

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
_YEAR = timedelta(days=365.25)


@dataclass
class Played:
    """What a number of lives came to."""

    cases: int = 0
    years: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: "Played") -> None:
        self.cases += other.cases
        self.years += other.years
        self.counts += other.counts
        self.faults += other.faults


@cache
def packs() -> tuple[Pack, ...]:
    """Every pack that ships."""
    return tuple(PolicyPacks.load().packs.values())


def play_share(seeds: range) -> Played:
    """Lives one after the other; what they leave behind is cleared away once, at the end."""
    together = Played()
    gc.disable()
    for seed in seeds:
        together.add(play(seed))
    gc.enable()
    gc.collect()
    return together


def play(seed: int, pack: Pack | None = None) -> Played:
    chance = Random(seed)
    begun = FIRST + timedelta(seconds=chance.randint(0, 3 * 365 * 86_400))
    life_long = chance.uniform(0.4, 4)
    watchers = Watchers(begun, _outage(chance, begun, life_long))
    life = Life(pack or chance.choice(packs()), begun, life_long, chance, watchers.tell)
    down = watchers.down

    def hear(event: DeadlineMomentReached, now: datetime) -> None:
        told = life.record.reached(event, now)
        watchers.counts["needless" if told is None or told.kind is None else told.kind] += 1
        if told is not None and told.kind is AnnouncementKind.MISSED:
            life.hears_of(life.record.kept[event.deadline_id], now)

    watchers.hear = hear
    ended, found = begun, []
    while not life.is_over or life.next_at is not None:
        people, clock = life.next_at, watchers.next_moment()
        if people is None and clock is None:
            break
        # Whoever acts in the very instant acts in time.
        if people is not None and (clock is None or people <= clock):
            if people >= life.ends:
                break
            ended = watchers.now = people
            life.perform_next()
        elif clock is not None:
            if clock >= life.ends:
                break
            ended = clock
            watchers.go_on(clock)
        if life.case.status in IN_WORK and not life.record.standing:
            found.append(("idle", f"{seed}: {life.case.status} and nothing is owed"))
    watchers.end()
    return _told(
        seed, life, watchers, ended - begun, found + list(faults(life.record, ended, down))
    )


def _told(
    seed: int, life: Life, watchers: Watchers, length: timedelta, found: list[tuple[str, str]]
) -> Played:
    kept = life.record.kept.values()
    counts = watchers.counts
    counts["facts"] = sum(1 for _ in life.record.history)
    counts["deadlines"] = len(kept)
    counts["moments said"] = sum(len(each.announced) for each in kept)
    counts["moments passed over"] = sum(len(each.said) for each in kept) - counts["moments said"]
    counts.update(life.more_time.counts)
    counts["refusals"] = life.refusals.total()
    found += [("failure", each) for each in watchers.failures]
    return Played(
        1, length / _YEAR, counts, [(kind, f"seed {seed}: {what}") for kind, what in found]
    )


def _outage(chance: Random, begun: datetime, years: float) -> tuple[datetime, datetime] | None:
    """One case in two sees the worker down once, for minutes to weeks."""
    if chance.random() < 0.5:
        return None
    first = begun + timedelta(days=365.25 * years * chance.random())
    return first, first + timedelta(days=chance.choice((0.01, 0.5, 3, 15)) * chance.random())
