"""What must hold of a case's record, whatever was asked of the service: judged by what its tables say alone."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.case import IN_WORK

Row = dict[str, Any]
# Where a case stands, and the step that is its own next one: one of these is owed.
_NEXT_STEP = {
    "identified": ("registration",),
    "registered": ("initial-assessment",),
    "assessing": ("comprehensive-assessment",),
    "planning": ("case-plan",),
    "closing": ("closure-approval", "closure-decision-of-stand-in"),
    "closed": ("look-back", "archive"),
}
_SAID = (
    "deadline.opened.v1",
    "deadline.reminded.v1",
    "deadline.missed.v1",
    "deadline.escalated.v1",
)
_ENDED = ("deadline.met.v1", "deadline.cancelled.v1", "deadline.waived.v1")
# What may still come to be known of a file once it is archived, and what opens it again.
_OF_AN_ARCHIVED_FILE = ("retention.", "erasure.", "case.reopened", "case.erased")
_LIVED_BY = ("case", "follow-up", "review", "closure")


@dataclass
class Judge:
    """Keeps what was said of each duty, so that each look judges only what is new."""

    ended: set[str] = field(default_factory=set)
    missed: set[str] = field(default_factory=set)
    met_in_time: set[str] = field(default_factory=set)
    said: set[tuple[str, str]] = field(default_factory=set)
    instants: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    is_archived: bool = False

    def sees(self, seen: Row, before: Row) -> None:
        """Raises AssertionError where something does not hold."""
        _only_grows(seen["grown"], before.get("grown"))
        self._hears(seen["spoken"] or [], set(seen["late"] or []))
        self._follows(seen["facts"] or [])
        duties = seen["duties"] or []
        self._keeps_instants(duties)
        _owes_something(seen["case"], duties, seen["tracks"] or [], seen["actions"] or [])
        _closed_by_two(seen["case"], seen["closures"] or [])
        _decided_by_two(seen["requests"] or [])
        _gives_each_day_once(seen["requests"] or [], {each["id"]: each for each in duties})

    def _hears(self, spoken: list[Row], evidence_late: set[str]) -> None:
        for row in spoken:
            kind, told = row["type"], row["payload"]
            duty = told["deadline_id"]
            if kind in _ENDED:
                assert duty not in self.ended, "ended twice"
                self.ended.add(duty)
                if kind == "deadline.met.v1" and not told["late"]:
                    assert duty not in self.missed or duty in evidence_late, (
                        "met in time, and missed"
                    )
            elif kind in _SAID:
                moment = told["moment"]
                assert duty not in self.ended, f"{moment} was said of what had ended"
                assert (duty, moment) not in self.said, f"{moment} was said twice"
                self.said.add((duty, moment))
                if kind == "deadline.missed.v1":
                    assert duty not in self.missed, "missed twice"
                    self.missed.add(duty)

    def _follows(self, facts: list[Row]) -> None:
        for fact in facts:
            name = fact["name"]
            if self.is_archived:
                assert name.startswith(_OF_AN_ARCHIVED_FILE), f"{name} in an archived file"
            self.is_archived = (self.is_archived or name == "case.archived") and (
                name != "case.reopened"
            )

    def _keeps_instants(self, duties: list[Row]) -> None:
        """When a duty falls due is fixed when it is set, and what has ended has ended."""
        for each in duties:
            fixed = (each["due_at"], each["anchored_at"], each["version"], each["moments"])
            known = self.instants.setdefault(each["id"], (*fixed, None))
            assert known[:4] == fixed, f"{each['step']}: its instants were changed"
            ended = None if each["state"] == "open" else (each["state"], each["settled_at"])
            assert known[4] in (None, ended), f"{each['step']}: it had ended otherwise"
            self.instants[each["id"]] = (*fixed, ended)


def _only_grows(grown: Row, before: Row | None) -> None:
    for name, was in (before or {}).items():
        assert grown[name]["before"] == was["all"], f"{name} was changed"


def _owes_something(case: Row, duties: list[Row], tracks: list[Row], actions: list[Row]) -> None:
    """Each agreed line of follow-ups and each open action has its own duty, so that none falls through."""
    standing = [each for each in duties if each["state"] == "open"]
    steps = _NEXT_STEP.get(case["status"], ())
    # A closure's own duties may be let go (decision 10).
    owed_or_let_go = {each["step"] for each in duties if each["state"] in ("open", "waived")}
    assert not steps or owed_or_let_go.intersection(steps), f"{case['status']}: no next step"
    if case["status"] not in IN_WORK:
        return
    # Beside these, a case with a plan owes its review, which the service reviews keeps.
    assert standing or case["plan_version"], "in work and nothing is owed"
    people = {case["caseworker_id"], case["supervisor_id"]}
    assert len(people - {None}) == 2, f"these have the case: {people}"
    owed = {each["subject_id"] for each in standing}
    lines = {each["id"] for each in tracks if not each["replaced"]}
    assert lines <= owed, "a line of follow-ups has no next one"
    let_go = {each["subject_id"] for each in duties if each["state"] == "waived"}
    under_way = {each["id"] for each in actions if each["state"] in ("agreed", "started")}
    assert under_way <= owed | let_go, "an action that nobody owes"
    for each in duties:
        assert each["state"] != "waived" or each["subject_type"] not in _LIVED_BY, (
            f"{each['step']}: the case lived by it, and it was let go"
        )


def _closed_by_two(case: Row, closures: list[Row]) -> None:
    for each in closures:
        if each["closed_at"] is not None:
            assert each["decided_by"] is not None, "closed without approval"
        if each["decided_by"] is not None:
            assert each["decided_by"] != each["requested_by"], "closure decided by who asked"
    if case["status"] in ("closed", "archived"):
        closed = [each["id"] for each in closures if each["closed_at"] is not None]
        assert case["closure_id"] in closed, "closed without a closure"


def _decided_by_two(requests: list[Row]) -> None:
    for each in requests:
        assert each["decided_by"] != each["asked_by"], "a request decided by who asked"
        assert (each["state"] == "asked") == (each["decided_by"] is None)


def _gives_each_day_once(requests: list[Row], duties: dict[str, Row]) -> None:
    """A pause gives as long as the clock stood, an extension what was approved; no day is given twice."""
    led_to = {each["successor_id"]: each for each in requests if each["successor_id"]}
    for each in requests:
        if each["successor_id"] is None:
            continue
        before, after = duties[each["deadline_id"]], duties[each["successor_id"]]
        until = datetime.fromisoformat(each["until"])
        if each["kind"] == "extension":
            assert datetime.fromisoformat(after["due_at"]) == until, "another day was approved"
            continue
        stood = until - datetime.fromisoformat(each["decided_at"])
        assert _between(before, after) == stood, "a pause gave more or less than it lasted"
        earlier = led_to.get(each["deadline_id"])
        if earlier is not None and earlier["kind"] == "pause":
            ended = datetime.fromisoformat(earlier["until"])
            assert datetime.fromisoformat(each["decided_at"]) >= ended, (
                "days that two pauses share were given twice"
            )


def _between(before: Row, after: Row) -> timedelta:
    return datetime.fromisoformat(after["due_at"]) - datetime.fromisoformat(before["due_at"])
