"""Reports are asked of the agencies involved, chased like any duty, given once and read by few."""

from typing import Any

from contracts.events.cases import CaseAssigned
from contracts.events.deadlines import DeadlineCancelled, DeadlineMet, DeadlineSet
from contracts.events.reviews import ReportAsked, ReportReceived
from tests.services.reviews.conftest import (
    CARL,
    CASE,
    CORA,
    HARBOUR,
    NORTH,
    NOTHING,
    PAULA,
    PETE,
    RAVI,
    RENA,
    SAMI,
    a_case_with_help,
    a_convened_review,
    a_scheduled_review,
    an_outcome,
    closed,
    convening_due,
    helping,
    more_people,
    plan_agreed,
)
from tests.services.served import DAY_0, Served


async def a_review_with_help(reviews: Served) -> str:
    review_id = await a_convened_review(reviews)
    await reviews.hear(*more_people(), *helping())
    return review_id


async def all_asked(reviews: Served) -> tuple[str, dict[str, str]]:
    """A review, and the report of each agency asked."""
    review_id = await a_review_with_help(reviews)
    answer = await reviews.post(RENA, f"/reviews/{review_id}/report-requests", {})
    assert answer.status_code == 201, answer.text
    return review_id, {each["agency_id"]: each["report_id"] for each in answer.json()["items"]}


async def report_duties(reviews: Served) -> list[dict[str, Any]]:
    return [each for each in await reviews.said(DeadlineSet) if each["step"] == "review-report"]


async def test_every_agency_involved_is_asked_by_a_date_before_the_meeting(
    reviews: Served,
) -> None:
    _, asked = await all_asked(reviews)
    assert set(asked) == {NORTH, HARBOUR}
    assert [each["staff_id"] for each in await reviews.said(ReportAsked)] == ["cora", None]
    own, theirs = await report_duties(reviews)
    assert (own["responsible"], own["person_id"], own["agency_id"]) == ("caseworker", "cora", NORTH)
    assert (theirs["responsible"], theirs["agency_id"]) == ("provider", HARBOUR)
    # Five days before Monday 24 May, ten o'clock in Berlin.
    assert {own["due_at"], theirs["due_at"]} == {"2027-05-19T08:00:00Z"}


async def test_nobody_is_asked_by_itself_under_the_default_practice(reviews: Served) -> None:
    await a_review_with_help(reviews)
    assert await reviews.said(ReportAsked) == []


async def test_everybody_is_asked_by_itself_where_the_practice_says_so(reviews: Served) -> None:
    await a_case_with_help(reviews, policy="humanitarian@1")
    await reviews.hear(plan_agreed(policy="humanitarian@1"))
    [row] = await reviews.rows("SELECT id FROM reviews")
    await reviews.hear(convening_due(row["id"]))
    assert [each["agency_id"] for each in await reviews.said(ReportAsked)] == [NORTH, HARBOUR]


async def test_agencies_are_named_by_hand_too(reviews: Served) -> None:
    review_id = await a_review_with_help(reviews)
    path = f"/reviews/{review_id}/report-requests"
    due = "2027-05-20T08:00:00Z"
    body = {"agencies": [{"agency_id": "other-help", "staff_id": "pete"}], "due_at": due}
    answer = await reviews.post(SAMI, path, body)
    assert [each["due_at"] for each in answer.json()["items"]] == [due]
    for wrong, field in (
        ({"agencies": [{"agency_id": "nowhere"}]}, "agencies.0.agency_id"),
        ({"agencies": [{"agency_id": "other-help"}]}, "agencies.0.agency_id"),  # twice
        ({"agencies": [{"agency_id": HARBOUR, "staff_id": "pete"}]}, "agencies.0.staff_id"),
        ({"due_at": DAY_0.isoformat()}, "due_at"),
    ):
        refused = await reviews.post(SAMI, path, wrong)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    for who in (PAULA, CARL, RAVI):
        assert (await reviews.post(who, path, {})).status_code == 404


async def test_refused_report_says_where_somebody_works_and_whom_one_may_know(
    reviews: Served,
) -> None:
    review_id = await a_review_with_help(reviews)
    path = f"/reviews/{review_id}/report-requests"

    async def allowed(**asked: str) -> list[str] | None:
        answer = await reviews.post(SAMI, path, {"agencies": [asked]})
        assert answer.status_code == 422
        found: list[str] | None = answer.json()["errors"][0].get("allowed")
        return found

    agencies = await allowed(agency_id="nowhere")
    assert agencies is not None
    assert {"agency-north", HARBOUR, "other-help"} <= set(agencies)
    own = await allowed(agency_id="agency-north", staff_id="pete")
    assert own is not None
    assert {"cora", "sami"} <= set(own)
    assert not {"pete", "paula"} & set(own)
    assert await allowed(agency_id=HARBOUR, staff_id="pete") is None  # whom she does not know


async def test_without_a_meeting_nothing_is_asked(reviews: Served) -> None:
    review_id = await a_scheduled_review(reviews)
    refused = await reviews.post(SAMI, f"/reviews/{review_id}/report-requests", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "review-not-convened")


async def test_asked_agency_gives_its_report_once(reviews: Served) -> None:
    review_id, asked = await all_asked(reviews)
    path = f"/reviews/{review_id}/reports/{asked[HARBOUR]}"
    for who in (PETE, RAVI, CARL):
        assert (await reviews.post(who, path, {"text": "x"})).status_code == 404
    for who in (CORA, RENA):  # they read it, and do not write it
        assert (await reviews.post(who, path, {"text": "x"})).status_code == 404
    [before] = (await reviews.get(PAULA, "/reports")).json()["items"]
    assert before["report_id"] == asked[HARBOUR]
    answer = await reviews.post(PAULA, path, {"text": "She comes every week."})
    assert (answer.status_code, answer.json()["received_by"]) == (200, "paula"), answer.text
    assert len(await reviews.said(ReportReceived)) == 1
    [met] = await reviews.said(DeadlineMet)
    assert (met["step"], met["subject_id"]) == ("review-report", asked[HARBOUR])
    again = await reviews.post(PAULA, path, {"text": "And more."})
    assert (again.status_code, again.json()["code"]) == (409, "report-received-already")
    assert (await reviews.get(PAULA, "/reports")).json() == NOTHING


async def test_reports_are_read_by_chair_and_the_cases_own_people(reviews: Served) -> None:
    review_id, asked = await all_asked(reviews)
    words = {"text": "She comes every week."}
    await reviews.post(PAULA, f"/reviews/{review_id}/reports/{asked[HARBOUR]}", words)
    for who, agencies in (
        (RENA, {NORTH, HARBOUR}), (CORA, {NORTH, HARBOUR}), (SAMI, {NORTH, HARBOUR}),
        (PAULA, {HARBOUR}), (CARL, set()),
    ):  # fmt: skip
        found = (await reviews.get(who, f"/reviews/{review_id}/reports")).json()["items"]
        assert {each["agency_id"] for each in found} == agencies
    for who in (RAVI, PETE):
        assert (await reviews.get(who, f"/reviews/{review_id}/reports")).status_code == 404


async def test_report_is_owed_before_the_meeting_wherever_that_goes(reviews: Served) -> None:
    review_id, _ = await all_asked(reviews)
    change = {"meeting_at": "2027-05-27T09:00:00Z"}
    await reviews.post(SAMI, f"/reviews/{review_id}/meeting", change)
    standing = await reviews.rows(
        "SELECT due_at FROM deadlines WHERE state = 'open' AND step = 'review-report'"
    )
    assert {row["due_at"].isoformat() for row in standing} == {"2027-05-22T09:00:00+00:00"}
    found = (await reviews.get(RENA, f"/reviews/{review_id}/reports")).json()["items"]
    assert {each["due_at"] for each in found} == {"2027-05-22T09:00:00Z"}


async def test_what_nobody_will_read_any_more_is_not_chased(reviews: Served) -> None:
    review_id, asked = await all_asked(reviews)
    await reviews.post(RENA, f"/reviews/{review_id}/outcome", an_outcome(reviews))
    dropped = [each["reason"] for each in await reviews.said(DeadlineCancelled)]
    assert dropped == ["report.dropped", "report.dropped"]
    late = await reviews.post(
        PAULA, f"/reviews/{review_id}/reports/{asked[HARBOUR]}", {"text": "x"}
    )
    assert (late.status_code, late.json()["code"]) == (409, "report-not-needed")
    more = await reviews.post(RENA, f"/reviews/{review_id}/report-requests", {})
    assert (more.status_code, more.json()["code"]) == (409, "report-not-needed")


async def test_closed_case_asks_for_nothing(reviews: Served) -> None:
    await all_asked(reviews)
    await reviews.hear(closed(reviews.clock.at))
    assert await reviews.rows("SELECT id FROM deadlines WHERE state = 'open'") == []
    assert (await reviews.get(PAULA, "/reports")).json() == NOTHING


async def test_case_that_changes_hands_leaves_others_reports_with_them(reviews: Served) -> None:
    await all_asked(reviews)
    people = {"caseworker_id": "carl", "supervisor_id": "sami"}
    await reviews.hear(
        CaseAssigned(case_ref=CASE, at=DAY_0, agency_id=NORTH, team_id="team-a", **people)
    )
    bearers = await reviews.rows(
        "SELECT agency_id, person_id FROM deadlines WHERE step = 'review-report' ORDER BY 1"
    )
    assert [(row["agency_id"], row["person_id"]) for row in bearers] == [
        (NORTH, "carl"), (HARBOUR, None),
    ]  # fmt: skip


async def test_meeting_asks_for_reports_as_a_review_does(reviews: Served) -> None:
    await a_case_with_help(reviews)
    body = {
        "case_ref": CASE, "kind": "conference", "purpose": "x", "participants": ["cora"],
        "meeting_at": "2027-04-01T08:00:00Z",
    }  # fmt: skip
    meeting = (await reviews.post(CORA, "/meetings", body)).json()["meeting_id"]
    answer = await reviews.post(RENA, f"/meetings/{meeting}/report-requests", {})
    asked = {each["agency_id"]: each["report_id"] for each in answer.json()["items"]}
    assert set(asked) == {NORTH, HARBOUR}
    path = f"/meetings/{meeting}/reports/{asked[HARBOUR]}"
    assert (await reviews.post(PAULA, path, {"text": "x"})).status_code == 200
    [own] = (await reviews.get(PAULA, f"/meetings/{meeting}/reports")).json()["items"]
    assert own["text"] == "x"
    elsewhere = await reviews.post(PETE, f"/meetings/{meeting}/report-requests", {})
    assert elsewhere.status_code == 404
