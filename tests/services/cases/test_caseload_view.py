"""Who looks after how many cases: counts for those who share the work out."""

import pytest
from sqlalchemy import insert

from services.cases.store.tables import cases as table
from tests.services.cases.conftest import (
    CLEO,
    CORA,
    MATS,
    MONA,
    NORTH,
    OPAL,
    SAMI,
    a_closed_case,
    a_registered_case,
    an_active_case,
)
from tests.services.served import DAY_0, Served

FIGURE = 25  # of the default pack


async def many(served: Served, count: int) -> None:
    """Cases of Carl's, as they stand in the record."""
    rows = [
        {
            "ref": f"TL-0000-{number:04d}-0", "agency_id": NORTH, "team_id": "team-a",
            "caseworker_id": "carl", "supervisor_id": "sami", "status": "active", "risk": "low",
            "policy": "default@1", "source": "school", "criteria": [], "identified_at": DAY_0,
            "needs": 0, "risks": 0, "causes": 0, "plan_version": 0, "times_reopened": 0,
            "reviewers": [],
        }
        for number in range(count)
    ]  # fmt: skip
    async with served.db.engine.begin() as connection:
        await connection.execute(insert(table), rows)


async def test_cases_are_counted_by_risk_and_status_with_what_is_overdue(cases) -> None:
    await an_active_case(cases)
    await a_registered_case(cases)
    cases.clock.forward(days=3)  # the second one's first assessment is overdue
    await a_closed_case(cases)
    answer = (await cases.get(SAMI, "/caseloads")).json()
    (load,) = answer["items"]
    assert (load["caseworker_id"], load["cases"]) == ("cora", 2)
    assert load["by_status"] == {"active": 1, "registered": 1}
    assert sum(load["by_risk"].values()) == 2
    rows = await cases.rows(
        "SELECT due_at FROM deadlines WHERE state = 'open' AND step <> 'look-back'"
    )
    assert load["open_duties"] == len(rows)
    assert load["overdue"] == sum(row["due_at"] < cases.clock.at for row in rows) > 0


async def test_more_than_the_packs_figure_is_noted_and_caseworkers_stand_by_name(cases) -> None:
    await a_registered_case(cases)
    await many(cases, FIGURE)
    answer = (await cases.get(MONA, "/caseloads")).json()
    assert answer["warning_above"] == FIGURE
    assert [each["caseworker_id"] for each in answer["items"]] == ["carl", "cora"]
    assert not any(each["warning"] for each in answer["items"])
    async with cases.db.engine.begin() as connection:
        await connection.execute(table.update().values(caseworker_id="carl"))
    answer = (await cases.get(MONA, "/caseloads")).json()
    assert [(each["cases"], each["warning"]) for each in answer["items"]] == [(26, True)]
    assert not {"rank", "score"} & set(answer["items"][0])


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        (SAMI, "/caseloads", 200),  # her own team by itself
        (SAMI, "/caseloads?team=team-a", 200),
        (SAMI, "/caseloads?team=team-b", 404),
        (MONA, "/caseloads?team=team-b", 200),
        (CORA, "/caseloads", 404),
        (CLEO, "/caseloads", 404),
        (OPAL, "/caseloads", 404),
        (MATS, "/caseloads", 200),  # of another agency: sees that one's
        (MONA, "/caseloads?team=No Team", 422),
    ],
)
async def test_counts_are_for_those_who_share_the_work_out(cases, who, path, status) -> None:
    await a_registered_case(cases)
    answer = await cases.get(who, path)
    assert answer.status_code == status
    if who == MATS:
        assert answer.json()["items"] == []


async def test_page_is_a_table_with_headings_and_needs_a_session(cases) -> None:
    await a_registered_case(cases)
    page = await cases.get(SAMI, "/caseloads.html")
    assert page.status_code == 200
    for part in ("<caption>", 'scope="row">cora', 'scope="col"', '<html lang="en">', "<title>"):
        assert part in page.text
    assert "<script" not in page.text
    assert page.headers["cache-control"] == "no-store"
    away = await cases.get("", "/caseloads.html")
    assert (away.status_code, away.headers["location"]) == (303, "/session?next=/caseloads.html")
    assert (await cases.get(CORA, "/caseloads.html")).status_code == 404
