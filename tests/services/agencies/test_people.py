"""Hours of work, absences and stand-ins, team leads: who may record them, what is refused, what is announced."""

from typing import Any

from contracts.events.agencies import AbsenceEnded, AbsenceRecorded, WorkingHoursPublished
from domain.vocabulary import Role
from tests.services.agencies.directory import (
    AMAL,
    AMALS,
    COLLEAGUE,
    MONA,
    NORTH,
    PIA,
    SEED,
    a_directory,
    put,
)
from tests.services.served import Served, a_token

BELA = a_token("bela", "agency-north", Role.CASEWORKER)
A_WEEK = {"from": "2027-03-08T08:00:00Z", "until": "2027-03-15T08:00:00Z", "stand_in_id": "bela"}
NOW = {"from": "2027-03-01T07:00:00Z", "until": "2027-03-05T08:00:00Z", "stand_in_id": "bela"}


async def a_team(served: Served) -> None:
    await a_directory(served)
    for who, roles in (("bela", ["caseworker"]), ("mona", ["manager"]), ("otto", ["auditor"])):
        await put(served, f"/agencies/agency-north/staff/{who}", {"name": who, "roles": roles})


async def away(
    served: Served, body: dict[str, Any], who: str = AMAL, whose: str = "amal-h", expect: int = 201
) -> Any:
    answer = await served.post(who, f"/agencies/agency-north/staff/{whose}/absences", body)
    assert answer.status_code == expect, answer.text
    return answer.json()


async def test_hours_of_work_are_put_in_the_order_of_the_week_and_announced_once(
    agencies: Served,
) -> None:
    await a_team(agencies)
    hours = {"spans": ["tue.0900-1300", "mon.0900-1700"]}
    for _ in range(2):
        found = await put(agencies, f"{AMALS}/working-hours", hours, who=AMAL)
    assert found["spans"] == ["mon.0900-1700", "tue.0900-1300"]
    assert found["zone"] == "Europe/Berlin"  # the agency's, since none was named
    (said,) = await agencies.said(WorkingHoursPublished)
    assert (said["staff_id"], said["spans"]) == ("amal-h", ["mon.0900-1700", "tue.0900-1300"])
    other = {"zone": "Africa/Kampala", "spans": []}
    await put(agencies, f"{AMALS}/working-hours", other, who=MONA)
    read = await agencies.get(BELA, f"{AMALS}/working-hours")
    assert read.json() == {"staff_id": "amal-h", "zone": "Africa/Kampala", "spans": []}
    unset = await agencies.get(AMAL, "/agencies/agency-north/staff/bela/working-hours")
    assert (unset.json()["zone"], unset.json()["spans"]) == ("Europe/Berlin", [])


async def test_wrong_hours_are_refused_by_their_field(agencies: Served) -> None:
    await a_team(agencies)
    for body, named in (
        ({"spans": ["mon.0900-1700", "mon.1600-1800"]}, "spans"),
        ({"spans": ["mon.1700-0900"]}, "spans"),
        ({"spans": ["someday"]}, "spans.0"),
        ({"spans": [], "zone": "Europe/Atlantis"}, "zone"),
    ):
        answer = await put(agencies, f"{AMALS}/working-hours", body, who=AMAL, expect=422)
        assert answer["errors"][0]["field"] == named


async def test_an_absence_is_announced_with_its_stand_in_and_ended_once(agencies: Served) -> None:
    await a_team(agencies)
    made = await away(agencies, NOW)
    listed = (await agencies.get(BELA, f"{AMALS}/absences")).json()
    assert (listed["there_now"], [each["until"] for each in listed["items"]]) == (
        "bela",
        ["2027-03-05T08:00:00Z"],
    )
    (said,) = await agencies.said(AbsenceRecorded)
    assert (said["staff_id"], said["stand_in_id"]) == ("amal-h", "bela")
    agencies.clock.forward(days=1)
    for _ in range(2):
        answer = await agencies.ask(AMAL, "DELETE", f"{AMALS}/absences/{made['absence_id']}")
        assert answer.json()["ended_at"] == "2027-03-02T08:00:00Z"
    (ended,) = await agencies.said(AbsenceEnded)
    assert ended["absence_id"] == made["absence_id"]
    now = (await agencies.get(AMAL, f"{AMALS}/absences")).json()
    assert now == {"items": [], "next_cursor": None, "there_now": "amal-h"}
    past = (await agencies.get(AMAL, f"{AMALS}/absences?include_past=true")).json()
    assert len(past["items"]) == 1


async def test_an_absence_that_is_over_is_not_ended_again(agencies: Served) -> None:
    await a_team(agencies)
    made = await away(agencies, NOW)
    agencies.clock.forward(days=9)
    answer = await agencies.ask(AMAL, "DELETE", f"{AMALS}/absences/{made['absence_id']}")
    assert answer.json()["ended_at"] is None
    assert await agencies.said(AbsenceEnded) == []


async def test_a_chain_of_stand_ins_leads_to_whoever_is_there(agencies: Served) -> None:
    await a_team(agencies)
    await away(agencies, NOW)
    warned = await away(
        agencies, {**NOW, "stand_in_id": "mona"}, who=MONA, whose="bela", expect=409
    )
    assert warned["code"] == "stand-in-unsuitable"  # a manager stands in for supervisors
    leader = {"name": "Mona", "roles": ["caseworker", "supervisor"]}
    await put(agencies, "/agencies/agency-north/staff/mona", leader)
    warned = await away(agencies, {**NOW, "stand_in_id": "mona"}, who=BELA, whose="bela")
    assert [each["staff_id"] for each in warned["stands_in_for"]] == ["amal-h"]
    listed = (await agencies.get(AMAL, f"{AMALS}/absences")).json()
    assert listed["there_now"] == "mona"


async def test_a_stand_in_who_cannot_stand_in_is_refused(agencies: Served) -> None:
    await a_team(agencies)
    await away(agencies, A_WEEK, who=BELA, whose="bela", expect=409)  # herself
    await away(agencies, {**A_WEEK, "stand_in_id": None}, who=BELA, whose="bela")
    refusals = [
        ({**A_WEEK, "stand_in_id": "amal-h"}, "stand-in-is-self"),
        ({**A_WEEK, "stand_in_id": "otto"}, "stand-in-unsuitable"),  # an auditor
        ({**A_WEEK, "stand_in_id": "nobody"}, "stand-in-unsuitable"),
        (A_WEEK, "stand-in-away"),
    ]
    for body, code in refusals:
        assert (await away(agencies, body, expect=409))["code"] == code
    longer = {**A_WEEK, "until": "2027-03-20T08:00:00Z"}
    await away(agencies, longer)
    overlapping = {**A_WEEK, "stand_in_id": None}
    assert (await away(agencies, overlapping, expect=409))["code"] == "absence-overlaps"


async def test_stand_ins_never_lead_in_a_circle(agencies: Served) -> None:
    await a_team(agencies)
    await away(agencies, A_WEEK)
    later = {
        "from": "2027-03-10T08:00:00Z",
        "until": "2027-03-12T08:00:00Z",
        "stand_in_id": "amal-h",
    }
    assert (await away(agencies, later, who=BELA, whose="bela", expect=409))["code"] in (
        "stand-in-away",
        "stand-in-circle",
    )
    half = {**later, "until": "2027-03-18T08:00:00Z"}
    refused = await away(agencies, half, who=BELA, whose="bela", expect=409)
    assert refused["code"] == "stand-in-circle"


async def test_only_herself_her_manager_and_administrators_record_an_absence(
    agencies: Served,
) -> None:
    await a_team(agencies)
    for who in (BELA, PIA):
        assert (await away(agencies, NOW, who=who, expect=404))["code"] == "not-found"
    await away(agencies, NOW, who=MONA)
    await away(agencies, A_WEEK, who=SEED)
    assert (await agencies.get(PIA, f"{AMALS}/absences")).status_code == 404
    assert (await agencies.get(PIA, f"{AMALS}/working-hours")).status_code == 404
    elsewhere = await agencies.post(SEED, "/agencies/harbour-help/staff/amal-h/absences", NOW)
    assert elsewhere.status_code == 404  # she works for another agency


async def test_times_without_an_offset_or_in_the_wrong_order_are_refused(agencies: Served) -> None:
    await a_team(agencies)
    for body, named in (
        ({**NOW, "from": "2027-03-01T07:00:00"}, "from"),
        ({**NOW, "until": "2027-02-01T07:00:00Z"}, "until"),
        ({"from": "2027-02-01T07:00:00Z", "until": "2027-02-02T07:00:00Z"}, "until"),
    ):
        assert (await away(agencies, body, expect=422))["errors"][0]["field"] == named


async def test_somebody_whom_others_count_on_does_not_leave(agencies: Served) -> None:
    await a_team(agencies)
    made = await away(agencies, NOW)
    bela = {"name": "bela", "roles": ["caseworker"], "active": False}
    path = "/agencies/agency-north/staff/bela"
    refused = await put(agencies, path, bela, expect=409)
    assert (refused["code"], "amal-h" in refused["detail"]) == ("still-stands-in", True)
    await agencies.ask(AMAL, "DELETE", f"{AMALS}/absences/{made['absence_id']}")
    led = {**NORTH, "teams": [{"team_id": "team-one", "name": "Team One", "lead_id": "bela"}]}
    assert (await put(agencies, "/agencies/agency-north", led))["teams"][0]["lead_id"] == "bela"
    assert (await put(agencies, path, bela, expect=409))["code"] == "leads-team"
    # A lead that is left out stays; one that is null goes.
    kept = await put(agencies, "/agencies/agency-north", {**NORTH, "name": "North"})
    assert kept["teams"][0]["lead_id"] == "bela"
    led["teams"][0]["lead_id"] = None  # type: ignore[index]
    await put(agencies, "/agencies/agency-north", led)
    assert (await put(agencies, path, bela))["active"] is False


async def test_a_team_is_led_by_somebody_of_the_agency(agencies: Served) -> None:
    await a_team(agencies)
    led = {**NORTH, "teams": [{"team_id": "team-one", "name": "Team One", "lead_id": "pia-p"}]}
    refused = await put(agencies, "/agencies/agency-north", led, expect=422)
    assert refused["errors"][0]["field"] == "teams.lead_id"
    assert "amal-h" in refused["errors"][0]["allowed"]


async def test_no_name_is_in_what_is_announced_of_people(agencies: Served) -> None:
    await a_directory(agencies)
    await put(agencies, AMALS, {**COLLEAGUE, "name": "Amal Haddad-Weber"})
    await away(agencies, {**NOW, "stand_in_id": None})
    for table in ("outbox", "audit"):
        rows = await agencies.rows(f"select t::text as line from {table} t")
        assert not any("Haddad" in row["line"] for row in rows)
