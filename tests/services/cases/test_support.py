"""Support given in person: what each kind tells, who reads it, and that its words stay in the record."""

from contracts.events.cases import SupportRecorded
from tests.services.cases.conftest import (
    CARL,
    CLEO,
    CORA,
    MONA,
    SAMI,
    a_closed_case,
    a_goal,
    a_plan,
    a_registered_case,
    ago,
    ahead,
    an_active_case,
    done,
    fields,
    refused,
)

ELSEWHERE = "0192f0c1-2b3c-7d4e-8f50-a1b2c3d4e5f6"
NOTE = "She asked for a walk and told of her evenings"


def a_support(served, **changes):
    body = {
        "kind": "direct-support",
        "occurred_at": ago(served, hours=1),
        "with_whom": ["child"],
        "note": NOTE,
    }
    return body | changes


async def test_support_is_on_the_record_with_the_action_it_carries_out(cases) -> None:
    ref, plan = await an_active_case(cases)
    action = plan["actions"][0]["action_id"]
    cases.clock.forward(days=1)
    path = f"/cases/{ref}/support"
    answer = await done(cases, CORA, path, a_support(cases, action_id=action))
    later = a_support(
        cases,
        kind="accompaniment",
        with_whom=["child", "mother"],
        where_to="The counselling office",
        referral_id=ELSEWHERE,
        occurred_at=ago(cases, hours=3),
    )
    await done(cases, SAMI, path, later)
    items = (await cases.get(CORA, path)).json()["items"]
    assert [each["kind"] for each in items] == ["accompaniment", "direct-support"]
    assert items[0]["where_to"] == "The counselling office"
    assert items[0]["referral_id"] == ELSEWHERE
    assert items[1] == answer | {"note": NOTE, "action_id": action, "recorded_by": "cora"}
    (first, second) = await cases.said(SupportRecorded)
    assert (first["kind"], second["kind"]) == ("direct-support", "accompaniment")
    said = str(await cases.said())
    assert "walk" not in said
    assert "office" not in said


async def test_support_is_in_the_chronology_and_among_the_contacts_of_then(cases) -> None:
    ref, _ = await an_active_case(cases)
    before = cases.clock.at.isoformat().replace("+00:00", "Z")
    cases.clock.forward(days=1)
    await done(cases, CORA, f"/cases/{ref}/support", a_support(cases))
    lines = (await cases.get(CORA, f"/cases/{ref}/chronology")).json()["items"]
    (line,) = [each for each in lines if each["fact"] == "support.recorded"]
    assert line["at"] < line["recorded_at"]
    contacts = (await cases.get(CORA, f"/cases/{ref}")).json()["contacts"]
    assert [each["content"]["note"] for each in contacts] == [NOTE]
    stood = (await cases.get(CORA, f"/cases/{ref}?as_of={before}")).json()
    assert stood["contacts"] == []


async def test_each_kind_of_support_says_what_it_was(cases) -> None:
    ref, _ = await an_active_case(cases)
    path = f"/cases/{ref}/support"
    plan = (await cases.get(CORA, f"/cases/{ref}")).json()["plan"]
    known = [each["action_id"] for each in plan["actions"]]
    for changes, code, field in [
        ({"with_whom": []}, "support-incomplete", "with_whom"),
        ({"kind": "accompaniment"}, "support-incomplete", "where_to"),
        ({"kind": "advocacy"}, "support-incomplete", "toward_whom"),
        ({"kind": "coordination"}, "support-incomplete", "agency_id"),
        ({"where_to": "School"}, "support-mismatch", "where_to"),
        ({"kind": "play"}, "malformed", "kind"),
        ({"note": " "}, "malformed", "note"),
        ({"action_id": ELSEWHERE}, "malformed", "action_id"),
        ({"occurred_at": ahead(cases, hours=1)}, "occurred-in-future", "occurred_at"),
        ({"occurred_at": ago(cases, days=90)}, "before-registration", "occurred_at"),
    ]:
        problem = await refused(cases, CORA, path, a_support(cases, **changes), 422, code)
        assert fields(problem) == [field]
        if field == "action_id":
            assert problem["errors"][0]["allowed"] == known
    advocacy = a_support(cases, kind="advocacy", toward_whom="The school's head")
    await done(cases, CORA, path, advocacy)
    await done(cases, CORA, path, a_support(cases, kind="coordination", agency_id="harbour-help"))


async def test_support_is_given_while_a_case_is_in_work(cases) -> None:
    ref = await a_closed_case(cases)
    code = "step-out-of-order"
    await refused(cases, CORA, f"/cases/{ref}/support", a_support(cases), 409, code)


async def test_support_is_read_by_those_who_see_contacts(cases) -> None:
    ref = await a_registered_case(cases)
    cases.clock.forward(hours=2)
    path = f"/cases/{ref}/support"
    await done(cases, CORA, path, a_support(cases))
    for who, status in [(CORA, 200), (SAMI, 200), (CARL, 404), (MONA, 404), (CLEO, 404)]:
        assert (await cases.get(who, path)).status_code == status
    await refused(cases, CARL, path, a_support(cases), 404, "not-found")
    rows = await cases.rows("SELECT action, outcome FROM audit WHERE action LIKE '%support'")
    assert {(row["action"], row["outcome"]) for row in rows} == {
        ("record-support", "allowed"),
        ("record-support", "hidden"),
        ("read-support", "allowed"),
        ("read-support", "hidden"),
    }


async def test_record_of_then_has_what_was_recorded_until_then(cases) -> None:
    measure = {"text": "Nights at home", "baseline": 2, "target": 7, "unit": "nights"}
    goal = a_goal(cases, measures=[measure])
    ref, plan = await an_active_case(cases, goal=goal)
    statements = (await cases.get(CORA, f"/cases/{ref}/statements")).json()["items"]
    asked = await done(cases, CORA, f"/cases/{ref}/questions", {"question": "Who helps"})
    kept = []
    for path, body in [
        ("/support", a_support(cases)),
        (
            f"/measures/{plan['measures'][0]['measure_id']}/readings",
            {"measured_at": ago(cases, hours=1), "value": 4},
        ),
        (
            f"/questions/{asked['question_id']}/answer",
            {"answer": "Nobody", "source": "child", "verified": False},
        ),
        (
            f"/statements/{statements[0]['statement_id']}/verification",
            {"state": "unverified", "how": "The school withdrew it"},
        ),
        ("/unmet-needs", {"need": "support-group", "area": "north"}),
        ("/plan", a_plan(cases, goal=goal)),
    ]:
        view = (await cases.get(SAMI, f"/cases/{ref}")).json()
        kept.append((cases.clock.at.isoformat().replace("+00:00", "Z"), view))
        cases.clock.forward(hours=1)
        await done(cases, CORA, f"/cases/{ref}{path}", body)
        cases.clock.forward(hours=1)
    for instant, view in kept:
        assert (await cases.get(SAMI, f"/cases/{ref}?as_of={instant}")).json() == view
