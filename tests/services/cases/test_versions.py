"""Who changes what she has read is refused when somebody else was quicker."""

import asyncio

import pytest

from tests.services.cases.conftest import CARL, CORA, SAMI, a_new_case
from tests.services.served import Served

HIGHER = {"risk": "high", "reason": "He was seen near the school."}


async def registered(cases: Served) -> str:
    return str((await cases.post(CORA, "/cases", a_new_case())).json()["case_ref"])


async def test_reading_and_changing_answer_with_the_version(cases: Served) -> None:
    path = f"/cases/{await registered(cases)}"
    read = (await cases.get(CORA, path)).headers["ETag"]
    assert read == (await cases.get(SAMI, path)).headers["ETag"]
    changed = await cases.post(CORA, f"{path}/risk", HIGHER, **{"If-Match": read})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != read
    assert changed.headers["ETag"] == (await cases.get(CORA, path)).headers["ETag"]


async def test_change_of_an_outdated_record_is_refused_and_changes_nothing(cases: Served) -> None:
    path = f"/cases/{await registered(cases)}"
    read = (await cases.get(CORA, path)).headers["ETag"]
    await cases.post(SAMI, f"{path}/risk", HIGHER)
    said = len(await cases.said())
    late = {"risk": "low", "reason": "All is well."}
    refused = await cases.post(CORA, f"{path}/risk", late, **{"If-Match": read})
    assert (refused.status_code, refused.json()["code"]) == (412, "outdated")
    assert len(await cases.said()) == said
    assert (await cases.get(CORA, path)).json()["risk"] == "high"


async def test_of_two_at_once_with_one_version_one_is_refused(cases: Served) -> None:
    path = f"/cases/{await registered(cases)}"
    read = {"If-Match": (await cases.get(CORA, path)).headers["ETag"]}
    answers = await asyncio.gather(
        cases.post(CORA, f"{path}/risk", HIGHER, **read),
        cases.post(SAMI, f"{path}/risk", HIGHER | {"risk": "imminent"}, **read),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("*", 200),
        (", ".join(f'"{each}"' for each in range(1, 40)), 200),
        ('W/"2"', 412),  # a weak version matches nothing (RFC 9110, 13.1.1)
        ('"of another make"', 412),
        ("2", 422),
    ],
)
async def test_what_if_match_may_say(cases: Served, said: str, status: int) -> None:
    path = f"/cases/{await registered(cases)}/risk"
    assert (await cases.post(CORA, path, HIGHER, **{"If-Match": said})).status_code == status


async def test_hidden_case_stays_hidden_whatever_version_is_named(cases: Served) -> None:
    path = f"/cases/{await registered(cases)}/risk"
    for version in ('"1"', '"99"'):
        hidden = await cases.post(CARL, path, HIGHER, **{"If-Match": version})
        assert hidden.status_code == 404


async def test_list_has_no_version(cases: Served) -> None:
    await registered(cases)
    await registered(cases)
    assert "ETag" not in (await cases.get(CORA, "/cases")).headers
