"""Past facts exported for trying a policy pack: complete enough that a replay makes the same deadlines again."""

from deploy.policy.exporting import pseudonymised
from deploy.policy.facts_file import past_facts
from domain.replaying import replay
from tests.services.cases.conftest import (
    CHILD,
    CONCERNS,
    CORA,
    OPAL,
    RITA,
    SAMI,
    a_closed_case,
    a_finding,
    a_new_case,
    a_referral,
    ago,
    ahead,
    an_active_case,
    done,
)
from tests.services.replayed import PACKS, duties, exported, recorded


async def lived(served) -> None:
    """One case closed and looked back on, one whose risk rose and whose follow-ups go on, one not yet taken."""
    ref = await a_closed_case(served)
    served.clock.forward(days=80)
    look_back = {"occurred_at": ago(served, hours=3), "gains_hold": True, "feedback": "It helped"}
    await done(served, CORA, f"/cases/{ref}/look-back", look_back)
    second = await done(served, CORA, "/cases", a_new_case())
    await done(served, CORA, f"/cases/{second['case_ref']}/risk", {"risk": "high", "reason": "x"})
    third, plan = await an_active_case(served)
    track = plan["follow_ups"][0]["follow_up_id"]
    served.clock.forward(days=15)
    await done(
        served,
        CORA,
        f"/cases/{third}/follow-ups/{track}/records",
        a_finding(served, finding="worse"),
    )
    late = a_finding(served, occurred_at=ago(served, days=3))
    await done(served, CORA, f"/cases/{third}/follow-ups/{track}/records", late)
    await done(served, CORA, f"/cases/{third}/risk", {"risk": "imminent", "reason": "x"})
    await done(served, RITA, "/intakes", a_referral())


async def test_replay_of_what_was_exported_makes_the_same_deadlines_again(cases) -> None:
    await lived(cases)
    lines = await exported(cases, OPAL)
    replayed = {
        duty.id: (duty.step, duty.due_at, duty.settled_at) for duty in duties(lines, cases.clock.at)
    }
    assert replayed == await recorded(cases)
    assert len(replayed) > 12
    assert await exported(cases, OPAL, limit=3) == lines


async def test_pseudonyms_change_no_deadline_and_lead_to_no_case(cases) -> None:
    await lived(cases)
    lines = await exported(cases, OPAL)
    hidden = pseudonymised(lines)
    seen = {f"{line.case} {line.subject_id} {line.id}" for line in hidden}
    assert not any(line.case in each for line in lines for each in seen)
    assert not any(line.subject_id and line.subject_id in each for line in lines for each in seen)

    def told(given):
        return [(duty.step, duty.due_at, duty.settled_at) for duty in duties(given, cases.clock.at)]

    assert told(hidden) == told(lines)


async def test_date_that_the_packs_rhythm_proposed_names_it_and_another_pack_proposes_its_own(
    cases,
) -> None:
    """One follows the plan's own rhythm, one the pack's, one begins on a day that people agreed on."""
    asked = {"with": "child", "method": "home-visit"}
    tracks = [
        asked | {"rhythm": [{"every": "3 weeks"}]},
        asked,
        asked | {"first_due": ahead(cases, days=30)},
    ]
    ref, plan = await an_active_case(cases, follow_ups=tracks)
    theirs, packs_own, begun = (each["follow_up_id"] for each in plan["follow_ups"])
    cases.clock.forward(days=2)
    for track in (theirs, packs_own):
        path = f"/cases/{ref}/follow-ups/{track}/records"
        await done(cases, CORA, path, a_finding(cases))
    cases.clock.forward(days=2)
    await done(cases, CORA, f"/cases/{ref}/risk", {"risk": "high", "reason": "x"})
    lines = await exported(cases, OPAL)
    visits = [each for each in lines if each.subject_type == "follow-up"]
    assert [(each.fact, each.subject_id) for each in visits if each.rhythm == "follow-up"] == [
        ("follow-up.agreed", packs_own),
        ("follow-up.continued", packs_own),
        ("follow-up.quickened", packs_own),
        ("follow-up.quickened", begun),
    ]
    assert {each.rhythm for each in lines} == {None, "follow-up"}
    page = (await cases.get(SAMI, f"/cases/{ref}/chronology.html")).text
    assert ("Next follow-up set" in page, "hythm" in page) == (True, False)
    replayed = {
        duty.id: (duty.step, duty.due_at, duty.settled_at) for duty in duties(lines, cases.clock.at)
    }
    assert replayed == await recorded(cases)
    daily = PACKS.latest("humanitarian")
    found = replay(lambda _: daily, past_facts(lines, daily.id), cases.clock.at)
    due = {each.id: each.due_at for each in found.duties if each.step == "follow-up"}
    # Due so many days sooner than it was: theirs as agreed, the pack's own, the one begun on a day agreed on and
    # brought forward when the risk rose; then what followed the visits of the first two.
    assert [(at - replayed[each][1]).days for each, at in due.items()] == [0, -7, -6, 0, -6]


async def test_report_that_joins_a_case_is_looked_into_by_its_own_risk_in_a_replay_too(
    cases,
) -> None:
    ref, _ = await an_active_case(cases)
    told = a_referral(criteria=["violence-or-abuse"])
    intake = (await done(cases, RITA, "/intakes", told))["case_ref"]
    cases.clock.forward(hours=1)
    body = {"other_ref": ref, "reason": "The same child"}
    await done(cases, CORA, f"/cases/{intake}/joining", body)
    lines = await exported(cases, OPAL)
    (joined,) = [each for each in lines if each.fact == "concern.joined"]
    assert joined.risk == "high"
    found = duties(lines, cases.clock.at)
    replayed = {duty.id: (duty.step, duty.due_at, duty.settled_at) for duty in found}
    assert replayed == await recorded(cases)
    assert [each.risk for each in found if each.step == "concern-look"] == ["high"]


async def granted(served, ref: str, step: str, kind: str, **body: str) -> str:
    """The deadline that stands for the duty afterwards."""
    items = (await served.get(SAMI, f"/cases/{ref}/deadlines")).json()["items"]
    (duty,) = [each for each in items if (each["step"], each["state"]) == (step, "open")]
    asked = {"why": "worker-away", "reason": "x"} | body
    path = f"/deadlines/{duty['deadline_id']}/{kind}-requests"
    request = (await done(served, CORA, path, asked))["request_id"]
    answer = await done(served, SAMI, f"/deadline-requests/{request}/approval", {})
    return str(answer.get("successor_id"))


async def test_time_granted_is_told_and_granted_again_so_that_the_same_became_of_every_duty(
    cases,
) -> None:
    """One action is extended, paused, taken up again and done; another is waived, a visit has more time."""
    ref, plan = await an_active_case(cases)
    cases.clock.forward(hours=1)
    await granted(cases, ref, "follow-up", "extension", new_due=ahead(cases, days=20))
    await granted(cases, ref, "plan-action", "extension", new_due=ahead(cases, days=45))
    cases.clock.forward(hours=1)
    paused = await granted(cases, ref, "plan-action", "pause", until=ahead(cases, days=20))
    cases.clock.forward(days=5)
    await done(cases, CORA, f"/deadlines/{paused}/resumption", {})
    cases.clock.forward(days=40)
    action, track = plan["actions"][0]["action_id"], plan["follow_ups"][0]["follow_up_id"]
    late = {"note": "Done", "done_at": ago(cases, days=43)}
    await done(cases, CORA, f"/cases/{ref}/actions/{action}/completion", late)
    await done(cases, CORA, f"/cases/{ref}/follow-ups/{track}/records", a_finding(cases))
    second, _ = await an_active_case(cases)
    cases.clock.forward(hours=1)
    await granted(cases, second, "plan-action", "waiver")
    lines = await exported(cases, OPAL)
    assert [
        (line.fact, line.step, line.granted and line.granted.days)
        for line in lines
        if line.step is not None
    ] == [
        ("deadline.extended", "follow-up", 6),
        ("deadline.extended", "plan-action", 15),
        ("deadline.paused", "plan-action", 20),
        ("deadline.resumed", "plan-action", -15),
        ("deadline.waived", "plan-action", None),
    ]
    replayed = {
        duty.id: (duty.step, duty.due_at, duty.settled_at) for duty in duties(lines, cases.clock.at)
    }
    assert replayed == await recorded(cases)
    assert await exported(cases, OPAL, limit=3) == lines


async def test_facts_say_nothing_personal_and_only_operations_reads_them(cases) -> None:
    await lived(cases)
    text = (await cases.get(OPAL, "/operations/facts")).text
    personal = (CHILD["name"], CHILD["location"], CHILD["gender"], CONCERNS, "cora", "drew")
    assert not [word for word in personal if str(word) in text]
    for who in (CORA, SAMI):
        assert (await cases.get(who, "/operations/facts")).status_code == 404
    refused = await cases.get(OPAL, "/operations/facts?cursor=x")
    assert refused.status_code == 422
