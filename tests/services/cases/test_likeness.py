"""A child known already is found at registration, with reasons, by those who may know; people decide."""

import pytest

from domain.disclosure import Viewer
from domain.vocabulary import Role
from infrastructure import crypto
from tests.services.cases.conftest import (
    CARL,
    CHILD,
    CORA,
    MATS,
    MONA,
    NAME,
    OPAL,
    RITA,
    SAMI,
    SOUTH,
    a_closed_case,
    a_new_case,
    a_referral,
    a_registered_case,
    a_registration,
    done,
    refused,
)
from tests.services.served import a_token

SUSE = a_token("suse", SOUTH, Role.CASEWORKER, team="team-s")
RUTH = a_token("ruth", "school-b", Role.REFERRER)
VARIANT = {"name": "EXAMPLE, Nour", "age": 12, "gender": "Girl", "location": "North-Town"}
ALL = ["same name sound", "same birth year", "same area sound", "same gender"]
AT_SOUTH = {"agency_id": SOUTH, "caseworker_id": "suse", "supervisor_id": "sven"}


async def test_return_is_seen_at_registration_with_why_the_case_was_closed(cases) -> None:
    ref = await a_closed_case(cases)
    cases.clock.forward(days=90)
    variant = VARIANT | {"age": 13}
    (like,) = (await done(cases, CORA, "/cases", a_new_case(child=variant)))["likely_same"]
    assert (like["case_ref"], like["because"], like["status"]) == (ref, ALL, "closed")
    assert (like["closure_ground"], like["times_returned"]) == ("moved-away", 0)
    assert like["closure_reasons"] == "The family lives with an aunt abroad now"
    assert like["closed_at"]


async def test_colleague_of_the_team_is_told_the_ground_and_no_words(cases) -> None:
    ref = await a_closed_case(cases)
    body = a_new_case(caseworker_id="carl")
    (like,) = (await done(cases, CARL, "/cases", body))["likely_same"]
    assert (like["case_ref"], like["closure_ground"]) == (ref, "moved-away")
    assert like["closure_reasons"] is None


async def test_another_agency_learns_whom_to_ask_and_nothing_else(cases) -> None:
    await a_closed_case(cases)
    await a_registered_case(cases)
    answer = await done(cases, SUSE, "/cases", a_new_case(child=VARIANT, **AT_SOUTH))
    (hint,) = answer["likely_same"]
    assert {key: value for key, value in hint.items() if value} == {
        "agency_id": "agency-north", "ask_a_leader": True,
    }  # fmt: skip
    hinted = await cases.rows("SELECT 1 FROM audit WHERE action = 'hinted-as-likely-same'")
    assert len(hinted) == 2


async def test_referrer_learns_only_of_children_she_referred_herself(cases) -> None:
    ref = (await done(cases, RITA, "/intakes", a_referral()))["case_ref"]
    (like,) = (await done(cases, RITA, "/intakes", a_referral(child=VARIANT)))["likely_same"]
    assert (like["case_ref"], like["closure_ground"]) == (ref, None)
    assert (await done(cases, RUTH, "/intakes", a_referral()))["likely_same"] == []


async def test_identified_child_is_looked_for_again_at_its_registration(cases) -> None:
    earlier = await a_registered_case(cases)
    ref = (await done(cases, RITA, "/intakes", a_referral(child=VARIANT)))["case_ref"]
    answer = await done(cases, CORA, f"/cases/{ref}/registration", a_registration())
    assert [each["case_ref"] for each in answer["likely_same"]] == [earlier]


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Rosa Mansour"},
        {"name": "Noor Mansour", "location": "Southville"},
        {"age": 17, "location": "Southville"},
    ],
)
async def test_another_child_is_not_listed(cases, other) -> None:
    await a_registered_case(cases)
    body = a_new_case(child=CHILD | other)
    assert (await done(cases, CORA, "/cases", body))["likely_same"] == []


async def test_likest_case_comes_first(cases) -> None:
    for change in ({"location": "Southville"}, {}, {"age": 16}):
        await a_registered_case(cases, child=CHILD | change)
    answer = await done(cases, CORA, "/cases", a_new_case())
    counts = [len(each["because"]) for each in answer["likely_same"]]
    assert counts == [4, 3, 3]


async def test_people_decide_and_another_child_is_listed_no_more(cases) -> None:
    one, other = await a_registered_case(cases), await a_registered_case(cases)
    path = f"/cases/{one}/same-child"
    body = {"other_ref": other, "same": True, "note": "Her mother confirms it"}
    for who in (CARL, SUSE, OPAL, RITA, MATS):
        await refused(cases, who, path, body, 404, "not-found")
    await refused(cases, CORA, path, body | {"other_ref": one}, 422, "same-case")
    await done(cases, CORA, path, body)
    seen = (await cases.get(MONA, f"/cases/{other}/likely-same")).json()
    assert [(each["case_ref"], each["same"]) for each in seen["items"]] == [(one, True)]
    cases.clock.forward(hours=1)
    await done(cases, SAMI, path, body | {"same": False, "note": "Twins"})
    seen = (await cases.get(MONA, f"/cases/{one}/likely-same")).json()
    assert seen["items"] == []
    assert [(each["same"], each["note"]) for each in seen["decisions"]] == [
        (True, "Her mother confirms it"), (False, "Twins"),
    ]  # fmt: skip
    history = (await cases.get(CORA, f"/cases/{one}/chronology")).json()["items"]
    assert [each["codes"]["same"] for each in history if each["fact"] == "same-child.decided"] == [
        True, False,
    ]  # fmt: skip
    stays = (await cases.get(CORA, f"/cases/{other}")).json()
    assert stays["status"] == "registered"


async def test_nobody_who_may_not_see_the_other_case_decides(cases) -> None:
    ours = await a_registered_case(cases)
    theirs = (await done(cases, SUSE, "/cases", a_new_case(**AT_SOUTH)))["case_ref"]
    body = {"other_ref": theirs, "same": True}
    await refused(cases, CORA, f"/cases/{ours}/same-child", body, 404, "not-found")
    assert (await cases.get(SUSE, f"/cases/{ours}/likely-same")).status_code == 404


async def test_index_holds_no_word_and_goes_with_the_childs_key(cases) -> None:
    ref = await a_registered_case(cases)
    rows = await cases.rows("SELECT * FROM likeness_keys")
    assert len(rows) >= 4
    assert all(len(row["mark"]) == 16 for row in rows)
    assert NAME.encode() not in str(rows).encode()
    async with cases.db.transaction(Viewer.system("cases")) as uow:
        await crypto.erase(uow, ref)
    assert await cases.rows("SELECT * FROM likeness_keys") == []
    assert (await done(cases, CORA, "/cases", a_new_case()))["likely_same"] == []


async def test_bodies_with_more_than_is_essential_are_refused(cases) -> None:
    body = a_new_case(child=CHILD | {"photo": "x"})
    await refused(cases, CORA, "/cases", body, 422, "malformed")
