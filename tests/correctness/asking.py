"""How the machine asks, and what holds of any answer: what is refused changes nothing, what is done is audited."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition

from tests.correctness.case_on_record import CaseOnRecord
from tests.correctness.sound_record import Row
from tests.correctness.stages import NAMED, PEOPLE, Stages

PACKS = ("default", "working-days", "humanitarian")
ANYBODY = st.sampled_from(sorted(NAMED))
RISKS = st.sampled_from(("low", "medium", "high", "imminent"))
# A number, from which everything is chosen that does not need a name in a report.
CHANCE = st.integers(0, 2**20)


def while_status(*names: str) -> Any:
    """A rule that is tried only where it can mean something."""
    return precondition(lambda self: self.case.status in names)


IN_WORK = ("registered", "assessing", "planning", "active", "closing")


class Asking(RuleBasedStateMachine):
    """A life: where it begins, and what has been asked in it."""

    stages: ClassVar[Stages]
    stage: ClassVar[str]
    counted: ClassVar[Counter[str]]  # what was done, and what was refused with which code
    is_tried: ClassVar[bool]  # whether somebody has tried all that is forbidden at this stage
    has_failed = False

    @initialize(pack=st.sampled_from(PACKS))
    def begin(self, pack: str) -> None:
        self.story = [f"{self.stage}, {pack}"]
        with self.telling():
            self.case = self.stages.begin(pack, self.stage)
        self.counted["life"] += 1
        self.first_of_all()

    def first_of_all(self) -> None:
        """Before anybody does anything."""

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Whatever does not hold is reported with all that was done before."""
        try:
            yield
        except BaseException as failure:
            if not self.has_failed:
                failure.add_note("\n".join(("This life:", *self.story)))
            self.has_failed = True
            raise

    @property
    def team(self) -> tuple[str, str, str]:
        """Caseworker, supervisor and manager of the agency that has the case."""
        return PEOPLE[self.case.case["agency_id"]]

    def attempt(self, who: int | str, path: str, body: Any = None) -> Row | None:
        """By a person, or by the case's own people (0, 1, 2); answers None for a refusal."""
        with self.telling():
            return self._attempt(who if isinstance(who, str) else self.team[who], path, body)

    def forbid(self, who: int | str, path: str, body: Any = None) -> None:
        """Whoever tries it is refused."""
        done = self.attempt(who, path, body)
        with self.telling():
            assert done is None, f"{path}: this is forbidden, and was done"

    def clock_says(self, duty: Row, moment: str, at: datetime) -> None:
        self.story.append(f"{self.case.now:%d %b %H:%M}  {duty['step']}: {moment} has come")
        with self.telling():
            self.case.clock_says(duty, moment, at)

    def look(self) -> None:
        with self.telling():
            self.case.look()

    def some_duty(self, chance: Random) -> Row | None:
        standing = self.case.duties(standing=chance.random() < 0.95)
        return chance.choice(standing) if standing else None

    def _attempt(self, who: str, path: str, body: Any) -> Row | None:
        what = path.rsplit("/", 1)[-1]
        path = path if path.startswith("/") else f"/cases/{self.case.ref}/{path}"
        asked = self.stages.readers.served.post(NAMED[who], path, body)
        answer = self.stages.readers.runner.run(asked)
        assert answer.status_code < 500, answer.text
        is_done = answer.status_code < 300
        code = "done" if is_done else answer.json()["code"]
        self.story.append(f"{self.case.now:%d %b %H:%M}  {who}: {what}: {code}")
        self.counted[what if is_done else f"{what}: {code}"] += 1
        before, after = self.case.look()
        if is_done:
            assert after["allowed"] > before["allowed"], f"{path} was done and not audited"
            done: Row = answer.json()
            return done
        was, found = before["tables"], after["tables"]
        changed = [name for name in was if was[name] != found[name]]
        assert not changed, f"{path} was refused and changed {changed}"
        assert after["allowed"] == before["allowed"], f"{path} was refused and is called allowed"
        return None


def later(case: CaseOnRecord, due: str, by: timedelta) -> str:
    """Later than now, and than the duty falls due."""
    return (max(datetime.fromisoformat(due), case.now) + by).isoformat()
