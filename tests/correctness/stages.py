"""Where a life may begin: a case that the real commands have brought so far, kept as rows and put back each time.

Each stage is made once, from the one before it, when a life first begins there.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.vocabulary import Role
from tests.correctness.case_on_record import CaseOnRecord, Readers
from tests.services.cases import conftest as known
from tests.services.cases.conftest import CARL, CORA, MATS, MONA, NORTH, RITA, SAMI, SOUTH
from tests.services.served import DAY_0, Served, a_token

SAL = a_token("sal", SOUTH, Role.SUPERVISOR, team="team-s")
SARA = a_token("sara", SOUTH, Role.CASEWORKER, team="team-s")
# Caseworker, supervisor, manager of each agency; and somebody whom the case does not concern.
PEOPLE = {NORTH: ("cora", "sami", "mona"), SOUTH: ("sara", "sal", "mats")}
NAMED = {
    "cora": CORA, "sami": SAMI, "mona": MONA, "carl": CARL,
    "sara": SARA, "sal": SAL, "mats": MATS, "rita": RITA,
}  # fmt: skip
WHY = {"why": "child-or-family-away", "reason": "The family is at a funeral"}
NOTE = {"note": "Agreed"}
# From which stage a stage is made; the order in which a case comes through them.
BEFORE = {
    "a new intake": "",
    "registered": "a new intake",
    "assessed": "registered",
    "active": "assessed",
    "more time asked for": "active",
    "settling": "active",
    "closure asked for": "settling",
    "closure asked for by the supervisor": "settling",
    "closed, look back owed": "closure asked for",
    "archived": "closed, look back owed",
}
STAGES = tuple(BEFORE)


def an_urgent_assessment(served: Served, risk: str = "medium") -> dict[str, Any]:
    due = known.ahead(served, days=1)
    urgent = [{"title": "A safe bed", "responsible": "caseworker", "due": due}]
    return known.an_initial_assessment(served, risk=risk) | {"urgent_actions": urgent}


def an_assessment() -> dict[str, Any]:
    asked = ["What the problems at home are", {"question": "Who else helps"}]
    return known.an_assessment(open_questions=asked)


def a_full_plan(served: Served) -> dict[str, Any]:
    """Two actions, two lines of follow-ups and a measure with its date."""
    by_risk = known.a_follow_up(served) | {"rhythm": []}
    actions = [known.an_action(served, due=known.ahead(served, days=n)) for n in (9, 80)]
    by = (served.clock.at + timedelta(days=60)).date().isoformat()
    nights = {"text": "Nights at home", "baseline": 2, "target": 7, "unit": "nights", "by": by}
    goal = known.a_goal(served, measures=["A talk", nights])
    body = known.a_plan(served, actions=actions, goal=goal)
    return body | {"follow_ups": [*body["follow_ups"], by_risk]}


@dataclass
class Kept:
    """A database as it stood, and when."""

    ref: str
    at: datetime
    rows: dict[str, bytes]


@dataclass
class Stages:
    """Of one database; `begin` puts a case of a pack back to where it had come."""

    readers: Readers
    _kept: dict[tuple[str, str], Kept] = field(default_factory=dict)

    def begin(self, pack: str, stage: str) -> CaseOnRecord:
        kept = self._kept.get((pack, stage)) or self._make(pack, stage)
        self._run(self._put_back(kept.rows))
        self.readers.served.clock.at = kept.at
        case = CaseOnRecord(self.readers, kept.ref)
        case.look()
        return case

    def _make(self, pack: str, stage: str) -> Kept:
        if BEFORE[stage]:
            case = self.begin(pack, BEFORE[stage])
            ref = case.ref
            self.readers.served.clock.forward(hours=5)
            _NEXT[stage](self, case)
        else:
            ref = self._new_intake(pack)
        rows = self._run(self._rows())
        kept = self._kept[pack, stage] = Kept(ref, self.readers.served.clock.at, rows)
        return kept

    def asked(self, who: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = self._run(self.readers.served.post(NAMED[who], path, body))
        assert answer.status_code in (200, 201), f"{path}: {answer.text}"
        found: dict[str, Any] = answer.json()
        return found

    def _new_intake(self, pack: str) -> str:
        self._run(self._put_back({}))
        self.readers.served.clock.at = DAY_0
        people = [
            known.staff("cora", Role.CASEWORKER),
            known.staff("sami", Role.SUPERVISOR),
            known.staff("mona", Role.MANAGER, team=None),
            known.staff("sara", Role.CASEWORKER, agency_id=SOUTH, team="team-s"),
            known.staff("sal", Role.SUPERVISOR, agency_id=SOUTH, team="team-s"),
            known.staff("mats", Role.MANAGER, agency_id=SOUTH, team=None),
        ]
        agencies = (known.agency(policy=pack), known.agency(SOUTH))
        self._run(self.readers.served.hear(*agencies, *people))
        return str(self.asked("rita", "/intakes", known.a_referral())["case_ref"])

    def _run(self, wish: Any) -> Any:
        return self.readers.runner.run(wish)

    async def _rows(self) -> dict[str, bytes]:
        found = {}
        for table in self.readers.tables:
            kept = io.BytesIO()
            copied = await self.readers.connection.copy_from_table(
                table, output=kept, format="binary"
            )
            if copied != "COPY 0":
                found[table] = kept.getvalue()
        return found

    async def _put_back(self, rows: dict[str, bytes]) -> None:
        connection = self.readers.connection
        async with connection.transaction():
            await connection.execute(
                "".join(f'DELETE FROM "{each}";' for each in self.readers.tables)
            )
            for table, kept in rows.items():
                await connection.copy_to_table(table, source=io.BytesIO(kept), format="binary")


def _registered(stages: Stages, case: CaseOnRecord) -> None:
    stages.asked("cora", f"/cases/{case.ref}/registration", known.a_registration())


def _assessed(stages: Stages, case: CaseOnRecord) -> None:
    body = an_urgent_assessment(case.served)
    stages.asked("cora", f"/cases/{case.ref}/initial-assessment", body)
    case.served.clock.forward(hours=5)
    stages.asked("cora", f"/cases/{case.ref}/comprehensive-assessment", an_assessment())


def _active(stages: Stages, case: CaseOnRecord) -> None:
    stages.asked("cora", f"/cases/{case.ref}/plan", a_full_plan(case.served))


def _more_time_asked_for(stages: Stages, case: CaseOnRecord) -> None:
    """One action's clock stands; for the other the supervisor has asked, and waits for the manager."""
    first, second = [each for each in case.duties() if each["step"] == "plan-action"]
    until = known.ahead(case.served, days=4)
    pause = stages.asked("cora", f"/deadlines/{first['id']}/pause-requests", WHY | {"until": until})
    stages.asked("sami", f"/deadline-requests/{pause['request_id']}/approval", NOTE)
    due = known.ahead(case.served, days=100)
    stages.asked("sami", f"/deadlines/{second['id']}/extension-requests", WHY | {"new_due": due})


def _settling(stages: Stages, case: CaseOnRecord) -> None:
    stages.asked("cora", f"/cases/{case.ref}/goals-achieved", {"note": "She laughs again"})


def _closure_asked_for(who: str) -> Callable[[Stages, CaseOnRecord], None]:
    def asked(stages: Stages, case: CaseOnRecord) -> None:
        case.served.clock.forward(days=45)
        body = known.a_closure_request(ground="goals-achieved")
        stages.asked(who, f"/cases/{case.ref}/closure-request", body)

    return asked


def _closed(stages: Stages, case: CaseOnRecord) -> None:
    stages.asked("sami", f"/cases/{case.ref}/closure-approval", NOTE)


def _archived(stages: Stages, case: CaseOnRecord) -> None:
    case.served.clock.forward(days=80)
    stages.asked("cora", f"/cases/{case.ref}/look-back", a_look_back(case.now))
    stages.asked("cora", f"/cases/{case.ref}/archive")


def a_look_back(now: datetime) -> dict[str, Any]:
    return {"occurred_at": now.isoformat(), "gains_hold": True, "feedback": "Good"}


_NEXT: dict[str, Callable[[Stages, CaseOnRecord], None]] = {
    "registered": _registered,
    "assessed": _assessed,
    "active": _active,
    "more time asked for": _more_time_asked_for,
    "settling": _settling,
    "closure asked for": _closure_asked_for("cora"),
    "closure asked for by the supervisor": _closure_asked_for("sami"),
    "closed, look back owed": _closed,
    "archived": _archived,
}
