"""A review that needs more time: the supervisor asks, a manager decides."""

from contracts.events.deadlines import DeadlineCancelled, DeadlineSet
from tests.services.reviews.conftest import CARL, CORA, MONA, OPAL, RAVI, SAMI, a_scheduled_review
from tests.services.served import Served

BODY = {"why": "waiting-for-others", "reason": "The school reports in a week"}


async def test_supervisor_asks_and_manager_decides(reviews: Served) -> None:
    await a_scheduled_review(reviews)
    (duty,) = await reviews.said(DeadlineSet)
    path = f"/deadlines/{duty['deadline_id']}/extension-requests"
    body = BODY | {"new_due": "2027-06-08T07:00:00+00:00"}
    for who in (CARL, MONA, OPAL, RAVI):
        assert (await reviews.post(who, path, body)).status_code == 404
    asked = await reviews.post(SAMI, path, body)
    assert asked.status_code == 201
    approval = f"/deadline-requests/{asked.json()['request_id']}/approval"
    assert (await reviews.post(SAMI, approval, {})).json()["code"] == "approved-by-requester"
    for who in (CORA, CARL, OPAL):
        assert (await reviews.post(who, approval, {})).status_code == 404
    assert (await reviews.post(MONA, approval, {})).status_code == 200
    (cancelled,) = await reviews.said(DeadlineCancelled)
    fresh = (await reviews.said(DeadlineSet))[-1]
    assert cancelled["successor_id"] == fresh["deadline_id"]
    assert fresh["due_at"] == "2027-06-08T07:00:00Z"
    history = await reviews.get(SAMI, f"/deadlines/{duty['deadline_id']}/history")
    assert [each["change"] for each in history.json()["items"]] == ["extended"]
