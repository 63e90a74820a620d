"""What reviews, meetings, referrals and cases announce reaches the people it concerns, each once."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from contracts.events import Event
from contracts.events import cases as c
from contracts.events import referrals as r
from contracts.events import reviews as v
from contracts.events.notifications import AgencyNotificationRequested, NotificationRequested
from domain.vocabulary import FeedbackKind, Role
from tests.services.notifications.conftest import (
    CARL,
    CASE,
    CORA,
    NORTH,
    OPAL,
    SAMI,
    SOL,
    SOUTH,
    PostOffice,
    attempted,
    missed,
    plain,
    staff,
    told,
    wishing,
    with_address,
)
from tests.services.paged import one_by_one
from tests.services.served import DAY_0, Served

REFERRAL, MEETING = UUID(int=31), UUID(int=32)
LATER = datetime(2027, 3, 10, 9, tzinfo=UTC)


def of(kind: type[Event], /, **facts: Any) -> Event:
    return kind.model_validate({"case_ref": CASE, "at": DAY_0} | facts)


def referral(kind: type[Event], /, **facts: Any) -> Event:
    return of(kind, referral_id=REFERRAL, **facts)


def question(responsible: str, asked_by: str) -> Event:
    people = {"responsible_id": responsible, "asked_by": asked_by}
    return of(c.OpenQuestionAsked, question_id=UUID(int=8), **people)


def enquiry(kind: type[Event], /, **facts: Any) -> Event:
    base = {"agency_id": SOUTH, "at": DAY_0, "enquiry_id": UUID(int=33), "offer_id": "support"}
    return kind.model_validate(base | {"asked_by_agency_id": NORTH} | facts)


FACTS: list[tuple[Event, list[str]]] = [
    (
        of(
            v.ReviewPostponed,
            review_id=UUID(int=3),
            reason="child-ill",
            before=DAY_0,
            after=LATER,
            times=1,
        ),
        ["sami"],
    ),
    (
        of(
            v.ReportAsked,
            report_id=UUID(int=4),
            asked_for=MEETING,
            agency_id=SOUTH,
            staff_id="pia",
            due_at=LATER,
        ),
        ["pia"],
    ),
    (
        of(
            v.DecisionTaken,
            decision_id=UUID(int=5),
            taken_in=MEETING,
            owner_id="cora",
            owner="caseworker",
            owner_agency_id=NORTH,
            due_at=LATER,
        ),
        ["cora"],
    ),
    (
        of(
            v.DecisionTaken,
            decision_id=UUID(int=5),
            taken_in=MEETING,
            owner_id=None,
            owner="manager",
            owner_agency_id=NORTH,
            due_at=LATER,
        ),
        ["mona"],
    ),
    (
        of(
            v.ReportAsked,
            report_id=UUID(int=4),
            asked_for=MEETING,
            agency_id=SOUTH,
            staff_id=None,
            due_at=LATER,
        ),
        ["pia"],
    ),
    (referral(r.ReferralPutOnHold, reason="waiting-list", until=LATER), ["cora"]),
    (referral(r.ReferralResumed), ["cora"]),
    (
        referral(r.ReferralAppointmentMissed, appointment_at=DAY_0, because="child-absent"),
        ["cora"],
    ),
    (referral(r.ReferralFailed, reason="closed-down"), ["cora", "sami"]),
    (referral(r.ReferralSharingStopped, to_agency_id=SOUTH, shared=("name",)), ["cora", "pia"]),
    (
        referral(
            r.ReferralLinkIssued,
            link_id=UUID(int=6),
            to_agency_id=SOUTH,
            attempt=1,
            expires_at=LATER,
        ),
        ["pia"],  # the agency has no mailbox of its own
    ),
    (of(c.FeedbackReceived, feedback_id=UUID(int=7), kind=FeedbackKind.QUESTION), ["cora"]),
    (of(c.FeedbackReceived, feedback_id=UUID(int=7), kind=FeedbackKind.COMPLAINT), ["sami"]),
    (question("carl", asked_by="cora"), ["carl"]),
    (question("cora", asked_by="sami"), ["cora"]),
    (question("cora", asked_by="cora"), []),
    (
        of(c.SeriousIncidentFlagged, incident_id=UUID(int=9), kind="serious-harm", suspected=True),
        ["mona"],
    ),
    (enquiry(r.CapacityAsked, need="shelter", area="north", answer_by=LATER), ["pia"]),
    (enquiry(r.CapacityAnswered, answer="has-capacity"), ["sami"]),
]


@pytest.mark.parametrize(
    ("event", "people"), FACTS, ids=[f"{event.type}-{at}" for at, (event, _) in enumerate(FACTS)]
)
async def test_each_fact_reaches_whom_it_concerns_once(
    notifications: Served, event: Event, people: list[str]
) -> None:
    await notifications.hear(event, event)
    assert sorted(await told(notifications)) == people
    for staff_id in people:
        await with_address(notifications, staff_id, f"{staff_id}@north.example")
    assert {each["state"] for each in await attempted(notifications)} <= {"sent"}


async def test_an_enquiry_about_places_concerns_no_case(
    notifications: Served, post_office: PostOffice
) -> None:
    asked = enquiry(r.CapacityAsked, need="shelter", area="north", answer_by=LATER)
    answered = enquiry(r.CapacityAnswered, answer="no-capacity")
    await with_address(notifications, "pia", "pia@south.example")
    await with_address(notifications, "sami", "sami@north.example")
    await notifications.hear(asked, answered)
    assert await notifications.said(NotificationRequested) == []
    requested = await notifications.said(AgencyNotificationRequested)
    assert [each["staff_id"] for each in requested] == ["pia", "sami"]
    await attempted(notifications)
    [mail] = post_office.messages
    assert (mail["To"], "TL-" in plain(mail)) == ("pia@south.example", False)
    [found] = (await notifications.get(SAMI, "/inbox")).json()["items"]
    assert (found["case_ref"], found["email"]) == (None, "list")
    path = f"/notifications/{found['notification_id']}/acknowledgement"
    assert (await notifications.post(SAMI, path)).json()["acknowledged_by"] == "sami"


async def test_a_meeting_that_moves_is_one_entry_with_a_growing_sequence(
    notifications: Served, post_office: PostOffice
) -> None:
    for staff_id in ("rena", "cora", "sami"):
        await with_address(notifications, staff_id, f"{staff_id}@north.example")
    base = {"meeting_id": MEETING, "kind": "conference", "chair_id": "rena"}
    called = of(
        v.MeetingCalled,
        **base,
        called_by="cora",
        participants=("cora", "sami"),
        meeting_at=DAY_0,
    )
    moved = of(v.MeetingMoved, **base, reason="illness", participants=("cora",), meeting_at=LATER)
    off = of(v.MeetingCancelled, meeting_id=MEETING, kind="conference", reason="not-needed")
    seen = []
    for event in (called, moved, off):
        post_office.messages.clear()
        await notifications.hear(event)
        await attempted(notifications)
        for mail in sorted(post_office.messages, key=lambda each: each["To"]):
            [entry] = mail.iter_attachments()
            text = str(entry.get_content())
            found = re.findall(r"METHOD:(\w+)|SEQUENCE:(\d+)", text)
            assert f"UID:{MEETING}@throughline" in text
            seen.append((mail["To"].split("@")[0], found[0][0], int(found[1][1])))
    assert seen == [
        ("cora", "REQUEST", 0), ("rena", "REQUEST", 0), ("sami", "REQUEST", 0),
        ("cora", "REQUEST", 1), ("rena", "REQUEST", 1), ("sami", "CANCEL", 1),
        ("cora", "CANCEL", 2), ("rena", "CANCEL", 2),
    ]  # fmt: skip


async def test_a_meeting_nobody_was_invited_to_is_called_off_in_silence(
    notifications: Served,
) -> None:
    off = of(v.MeetingCancelled, meeting_id=MEETING, kind="conference", reason="not-needed")
    await notifications.hear(off)
    assert await told(notifications) == []


async def test_a_decision_of_somebody_who_has_left_goes_to_those_who_lead(
    notifications: Served,
) -> None:
    await notifications.hear(staff("carl", Role.CASEWORKER, active=False))
    facts = {"decision_id": UUID(int=5), "taken_in": MEETING, "owner_agency_id": NORTH}
    await notifications.hear(
        of(v.DecisionTaken, **facts, owner_id="carl", owner="caseworker", due_at=LATER)
    )
    assert await told(notifications) == ["sami"]


async def test_who_was_told_what_and_when_is_on_the_record(
    notifications: Served, post_office: PostOffice
) -> None:
    await with_address(notifications, "cora", "cora@north.example")
    await notifications.hear(missed())
    await attempted(notifications)
    path = f"/cases/{CASE}/told"
    found = (await notifications.get(CORA, path)).json()["items"]
    assert [(each["staff_id"], each["state"], each["channel"]) for each in found] == [
        ("sami", "given-up", None),
        ("cora", "sent", "email"),
    ]
    assert await one_by_one(notifications, SAMI, path, "staff_id") == ["sami", "cora"]
    assert (await notifications.get(OPAL, path)).status_code == 200
    for other in (SOL,):
        assert (await notifications.get(other, path)).status_code == 404
    assert (await notifications.get(CORA, "/cases/TL-0000-0000-0/told")).status_code == 404
    audited = await notifications.rows("SELECT outcome FROM audit WHERE action = 'case.told-read'")
    assert [row["outcome"] for row in audited].count("hidden") == 1
    assert (await notifications.get(CARL, path)).status_code == 200  # of the team


async def test_taking_it_up_by_the_messages_own_link(
    notifications: Served, post_office: PostOffice
) -> None:
    await with_address(notifications, "cora", "cora@north.example")
    await wishing(notifications, "cora", acknowledge_by_link=True)
    await notifications.hear(missed(Role.CASEWORKER))
    await attempted(notifications)
    [mail] = post_office.messages
    [path] = re.findall(r"https://care.example(/acknowledge/\S+)", plain(mail))
    opened = await notifications.client.get(path, headers={"Accept-Language": "ar, en;q=0.5"})
    assert (opened.status_code, 'dir="rtl"' in opened.text, CASE in opened.text) == (
        200,
        True,
        False,
    )
    assert (
        await _acknowledged(notifications) is None
    )  # a scanner that follows links changes nothing
    for _ in range(2):
        done = await notifications.client.post(path)
        assert done.status_code == 200
    assert "on the record" in done.text
    assert await _acknowledged(notifications) == "cora"
    wrong = f"{path[:-1]}{'A' if path[-1] != 'A' else 'B'}"
    assert (await notifications.client.post(wrong)).status_code == 410
    notifications.clock.forward(days=8)
    gone = await notifications.client.get(path)
    assert (gone.status_code, "form" in gone.text) == (410, False)


async def test_operations_see_what_did_not_arrive_on_a_page(notifications: Served) -> None:
    await notifications.hear(missed(), staff("mona", Role.MANAGER, active=False))
    await notifications.hear(missed(Role.MANAGER, moment="rung-2"))
    await attempted(notifications)
    form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    led = await notifications.client.get("/deliveries", headers={"Accept": "text/html"})
    assert led.headers["location"] == "/deliveries.html"
    await notifications.client.post("/session", headers=form, content=f"token={OPAL}&next=/")
    page = await notifications.client.get("/deliveries.html")
    assert page.status_code == 200
    for text in (CASE, "no-address", "cora", "Nobody to tell", "manager"):
        assert text in page.text
    await notifications.client.post("/session", headers=form, content=f"token={CORA}&next=/")
    assert (await notifications.client.get("/deliveries.html")).status_code == 404


async def _acknowledged(served: Served) -> str | None:
    rows = await served.rows("SELECT acknowledged_by FROM notifications")
    by: str | None = rows[0]["acknowledged_by"]
    return by
