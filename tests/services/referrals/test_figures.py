"""Times and unmet needs in figures that recognise nobody."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.events.cases import PlanNeedMet, PlanNeedUnmet
from domain.vocabulary import Role
from infrastructure.ids import new_id
from infrastructure.settings import settings
from services.referrals.queries import figures
from tests.services.referrals.cast import (
    AMAL,
    CASE,
    HARBOUR,
    RUTH,
    Somebody,
    get,
    offer,
    post,
    registered,
    requested,
)
from tests.services.served import DAY_0, Served

OPAL = Somebody("opal-o", "throughline", Role.OPERATIONS)
ELSEWHERE = Somebody("mia-m", "agency-other", Role.MANAGER)


def unmet(case_ref: str, need: str = "housing", **changed: Any) -> PlanNeedUnmet:
    said = {"need_id": new_id(), "need": need, "area": "city", **changed}
    return PlanNeedUnmet(case_ref=case_ref, at=DAY_0, **said)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are enough to be told: five of each would take long to make."""
    known = settings().model_copy(update={"small_cells": 2})
    monkeypatch.setattr(figures, "settings", lambda: known)


async def test_how_long_it_takes_by_offer_need_and_area(referrals: Served, few: None) -> None:
    for hours in (2, 4):
        path = f"/referrals/{await requested(referrals)}"
        referrals.clock.forward(hours=hours)
        await post(referrals, HARBOUR, f"{path}/acceptance")
    await post(referrals, HARBOUR, f"{path}/service-given")  # one alone is not told
    referrals.clock.forward(hours=1)
    for by, group in (("offer", "talks"), ("need", "family-support"), ("area", "city")):
        told = await get(referrals, RUTH, f"/metrics/referrals?by={by}")
        lines = {each["reached"]: each for each in told["times"]}
        assert {each["group"] for each in told["times"]} == {group}
        accepted = lines["accepted"]
        assert (accepted["count"], accepted["median_hours"], accepted["p90_hours"]) == (2, 3.0, 3.8)
        assert lines["service-given"]["count"] is None
        assert lines["service-given"]["median_hours"] is None
    later = (
        f"/metrics/referrals?since={(DAY_0 + timedelta(days=9)).isoformat().replace('+', '%2B')}"
    )
    assert (await get(referrals, RUTH, later, expect=422))["errors"][0]["field"] == "since"


async def test_where_needs_stay_unmet(referrals: Served, few: None) -> None:
    await referrals.hear(
        offer("talks", "harbour-help", capacity=0), offer("circle", "bridge-families", capacity=0)
    )
    other = "TL-7K2M-9QXA-Z"
    await referrals.hear(registered(other))
    for case_ref in (CASE, other):
        await requested(referrals, case_ref=case_ref)  # nobody has a place
    met = unmet(CASE)
    await referrals.hear(
        unmet(CASE, "family-support"),  # the same child's same need counts once
        met, PlanNeedMet(case_ref=CASE, at=DAY_0, need_id=met.need_id), unmet(other),
    )  # fmt: skip
    referrals.clock.forward(hours=1)
    told = await get(referrals, RUTH, "/metrics/unmet-needs")
    assert [(each["need"], each["area"], each["count"]) for each in told["cells"]] == [
        ("family-support", "city", 2), ("housing", "city", None),
    ]  # fmt: skip
    assert (await get(referrals, ELSEWHERE, "/metrics/unmet-needs"))["cells"] == []
    assert len((await get(referrals, OPAL, "/metrics/unmet-needs"))["cells"]) == 2
    page = await referrals.ask(RUTH.token, "GET", "/metrics/unmet-needs.html")
    assert page.status_code == 200
    assert '<td class="n h4">2</td>' in page.text
    assert '<td class="n h0">&lt;2</td>' in page.text
    assert CASE not in page.text


async def test_figures_are_for_those_who_lead_and_for_operations(referrals: Served) -> None:
    for who in (AMAL, HARBOUR):
        for path in ("/metrics/referrals", "/metrics/unmet-needs", "/metrics/unmet-needs.html"):
            await get(referrals, who, path, expect=404)
    nobody = await referrals.client.get("/metrics/unmet-needs.html")
    assert (nobody.status_code, nobody.headers["location"]) == (
        303, "/session?next=/metrics/unmet-needs.html",
    )  # fmt: skip
