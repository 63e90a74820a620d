"""A trial with the names of its packs, and what a manager should read first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from domain.deadlines import Fact
from domain.policy import Pack
from domain.replaying import MISSED, Outcome, PastFact
from domain.trying import Changed, Tally, Trial, by_step, by_step_and_risk, try_pack


@dataclass(frozen=True)
class Tried:
    """`before` names the pack or packs under which the cases were."""

    pack: Pack
    before: str
    facts: Sequence[PastFact]
    trial: Trial

    @property
    def after(self) -> str:
        return self.pack.id

    @cached_property
    def by_step(self) -> tuple[Tally, ...]:
        return by_step(self.trial, self.pack.steps)

    @cached_property
    def by_step_and_risk(self) -> tuple[Tally, ...]:
        return by_step_and_risk(self.trial, self.pack.steps)

    @property
    def changed(self) -> tuple[Changed, ...]:
        return self.trial.changed

    @property
    def whole(self) -> Tally:
        return Tally("", None, self.trial.changes)

    @property
    def sentences(self) -> list[str]:
        whole = self.whole
        cases = len({past.fact.case_ref for past in self.facts})
        said = [
            f"{_many(len(self.facts), 'past fact')} of {_many(cases, 'case')} tried under {self.after} "
            f"instead of {self.before}.",
            f"{_many(len(self.trial.changes), 'duty', 'duties')}: {whole.earlier} would have been due "
            f"earlier, {whole.later} later; {whole.added} would have been owed newly, "
            f"{whole.gone} not at all.",
            f"In time: {whole.before(Outcome.IN_TIME)} were, {whole.after(Outcome.IN_TIME)} would have "
            f"been. Missed: {whole.before(*MISSED)} were, {whole.after(*MISSED)} would have been "
            f"({whole.newly_missed} newly, {whole.no_longer_missed} no longer).",
            "This supposes that people had done the same at the same instants, and granted the same time; "
            "dates that people agreed on stay as they were, those that a rhythm had proposed are proposed "
            "anew.",
        ]
        if self.trial.undated:
            said.append(
                f"{_many(len(self.trial.undated), 'fact')} would have needed an agreed date that is not "
                "on record; what they would have set is left out."
            )
        return said

    def local(self, at: datetime) -> str:
        """In the zone of the pack that is tried."""
        return at.astimezone(ZoneInfo(self.pack.calendar.zone)).strftime("%Y-%m-%d %H:%M")


def tell(
    pack: Pack,
    facts: Sequence[PastFact],
    pack_for: Callable[[Fact], Pack],
    until: datetime | None = None,
) -> Tried:
    names = sorted({pack_for(past.fact).id for past in facts})
    return Tried(pack, ", ".join(names), facts, try_pack(facts, pack_for, pack, until))


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or f'{one}s'}"
