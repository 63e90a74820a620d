"""What nobody may do, wherever a case stands: tried at the beginning and the end of every life, and in between."""

from collections.abc import Iterator
from typing import Any

from tests.correctness.case_on_record import CaseOnRecord
from tests.correctness.sound_record import Row
from tests.correctness.stages import NOTE, PEOPLE, WHY, a_full_plan, a_look_back, an_assessment
from tests.services.cases import conftest as known
from tests.services.cases.conftest import NORTH, SOUTH

Try = tuple[str, str, Any]
_LIVED_BY = ("case", "follow-up", "review")


def tries(case: CaseOnRecord) -> Iterator[Try]:
    """Who, where and with what; none of it may be done."""
    yield from _by_one_alone(case)
    yield from _by_an_outsider(case)
    yield from _letting_go(case)
    if case.status in ("closed", "archived"):
        yield from _of_a_case_at_its_end(case)
    if case.status == "archived":
        yield from _of_an_archived_file(case)


def _by_one_alone(case: CaseOnRecord) -> Iterator[Try]:
    closure = case.closure
    if case.status == "closing" and closure is not None:
        yield closure["requested_by"], "closure-approval", NOTE
        yield closure["requested_by"], "closure-refusal", {"reason": "too-early", "note": "Wait"}
        if closure["passed_to_stand_in_at"] is None:
            yield PEOPLE[case.case["agency_id"]][2], "closure-approval", NOTE
    for asked in case.rows("requests")[-3:]:
        path = f"/deadline-requests/{asked['id']}"
        yield asked["asked_by"], f"{path}/approval", NOTE
        yield asked["asked_by"], f"{path}/refusal", NOTE
    for asked in case.rows("transfers")[-1:]:
        yield asked["requested_by"], f"/transfers/{asked['id']}/acceptance", _new_owners(asked)


def _by_an_outsider(case: CaseOnRecord) -> Iterator[Try]:
    """Of the other agency, while nothing was asked of it; and who referred the child."""
    other = SOUTH if case.case["agency_id"] == NORTH else NORTH
    if not case.rows("transfers"):
        yield PEOPLE[other][1], "closure-approval", NOTE
        yield PEOPLE[other][0], "risk", {"risk": "low", "reason": "Somebody said so"}
    yield "rita", "closure-approval", NOTE
    for duty in case.duties()[:1]:
        yield "rita", f"/deadlines/{duty['id']}/acknowledgement", None


def _letting_go(case: CaseOnRecord) -> Iterator[Try]:
    """What a case lives by, and a clock that stands already."""
    who = PEOPLE[case.case["agency_id"]][1]
    lived_by = [each for each in case.duties() if each["subject_type"] in _LIVED_BY]
    for duty in lived_by[:2]:
        yield who, f"/deadlines/{duty['id']}/waiver-requests", WHY
    for duty in _paused(case)[:1]:
        body = WHY | {"until": known.ahead(case.served, days=1)}
        yield who, f"/deadlines/{duty['id']}/pause-requests", body


def _paused(case: CaseOnRecord) -> list[Row]:
    """Those whose clock stands now."""
    now = case.now.isoformat()
    standing = {
        each["successor_id"]
        for each in case.rows("requests")
        if each["kind"] == "pause" and each["successor_id"] and each["until"] > now
    }
    return [each for each in case.duties() if each["id"] in standing]


def _of_a_case_at_its_end(case: CaseOnRecord) -> Iterator[Try]:
    who = PEOPLE[case.case["agency_id"]][0]
    yield who, "risk", {"risk": "imminent", "reason": "Seen at home"}
    yield who, "comprehensive-assessment", an_assessment()
    yield who, "plan", a_full_plan(case.served)
    yield who, "goals-achieved", NOTE
    yield who, "closure-request", known.a_closure_request()
    yield who, "questions", {"question": "Who pays the rent"}
    for each in case.rows("tracks")[-1:]:
        yield who, f"follow-ups/{each['id']}/records", known.a_finding(case.served)
    for each in case.rows("actions")[-1:]:
        yield who, f"actions/{each['id']}/completion", NOTE
    closure = case.closure or {}
    if case.status == "closed" and closure.get("looked_back_at") is None:
        yield who, "archive", None


def _of_an_archived_file(case: CaseOnRecord) -> Iterator[Try]:
    people = PEOPLE[case.case["agency_id"]]
    yield people[0], "look-back", a_look_back(case.now)
    yield people[0], "archive", None
    yield people[2], "policy", {"policy": "humanitarian@1", "reason": "We work by it now"}
    yield people[1], "assignment", {"caseworker_id": "carl", "supervisor_id": "sami"}


def _new_owners(asked: Row) -> dict[str, str]:
    people = PEOPLE[asked["to_agency_id"]]
    team = "team-a" if asked["to_agency_id"] == NORTH else "team-s"
    return {"caseworker_id": people[0], "supervisor_id": people[1], "team_id": team}
