"""The family's statement: a link and a code open it, it says what was promised, and what is said is heard."""

import re
import string
from typing import Any
from uuid import uuid4

import pytest
import yaml
from babel import Locale

from contracts.events.cases import FeedbackReceived
from contracts.events.deadlines import DeadlineSet
from domain.disclosure import Viewer
from domain.statement import PROMISED, Language, Outcome
from domain.vocabulary import Bearer, FeedbackKind
from infrastructure import crypto
from services.cases.commands import visiting
from services.cases.web import wording as catalogues
from tests.services.cases.conftest import (
    CARL,
    CLEO,
    CONCERNS,
    CORA,
    NAME,
    PIA,
    SAMI,
    a_closed_case,
    a_registered_case,
    ahead,
    an_active_case,
    done,
    refused,
)

OWN = {"Origin": "http://service", "Content-Type": "application/x-www-form-urlencoded"}
BODY = {"language": "en", "for": "mother", "valid_days": 30}


async def a_link(served, ref: str, **changes: Any) -> dict[str, Any]:
    return await done(served, CORA, f"/cases/{ref}/statement-links", BODY | changes)


def path_of(link: dict[str, Any]) -> str:
    return f"/statement/{link['link_id']}"


async def send(served, path: str, **form: str):
    body = "&".join(f"{name}={value}" for name, value in form.items())
    return await served.client.request("POST", path, content=body, headers=OWN)


async def opened(served, link: dict[str, Any]) -> str:
    """The page as it is shown to whoever gives the code."""
    answer = await send(served, path_of(link), code=link["code"])
    assert answer.status_code == 303, answer.text
    page = await served.client.get(answer.headers["location"])
    assert page.status_code == 200
    return str(page.text)


async def send_complaint(served, link: dict[str, Any]) -> None:
    await opened(served, link)
    await send(served, f"{path_of(link)}/feedback", kind="complaint", words="Nobody came")


async def audit(served, action: str) -> list[str]:
    rows = await served.rows("SELECT action, outcome FROM audit ORDER BY at, sequence")
    return [row["outcome"] for row in rows if row["action"] == action]


async def test_code_opens_what_was_promised_by_whom_and_until_when(cases) -> None:
    ref, _ = await an_active_case(cases)
    link = await a_link(cases, ref, contact="Tel. 030 1234, Monday to Friday")
    assert re.fullmatch(r"http://.+/statement/[0-9a-f-]{36}", link["url"])
    asked = await cases.client.get(path_of(link))
    assert asked.status_code == 200
    assert ref not in asked.text
    assert "<h2" not in asked.text
    page = await opened(cases, link)
    for told in ("Meeting with the school", "Noor&#39;s wellbeing improves", "Tel. 030 1234",
                 "Your caseworker", "Saturday 10 April 2027", "Done on", ref):  # fmt: skip
        assert told in page
    page = page.split("</style>")[1]
    for hidden in (NAME, CONCERNS, "cora", "sami", "<script", "http://", "https://", link["code"]):
        assert hidden not in page


async def test_promises_say_what_became_of_them(cases) -> None:
    ref, plan = await an_active_case(cases)
    link = await a_link(cases, ref)
    page = await opened(cases, link)
    assert "One promise has not been kept in time" in page  # the test of the safety plan
    owed, done_before = page.split("What became of earlier promises")
    assert "Meeting with the school" in owed
    cases.clock.forward(days=25)
    action = plan["actions"][0]["action_id"]
    await done(cases, CORA, f"/cases/{ref}/actions/{action}/completion", {"note": "Held"})
    page = await opened(cases, link)
    assert "2 promises have not been kept in time" in page  # and the first follow-up
    owed, done_before = page.split("What became of earlier promises")
    assert "Meeting with the school" in done_before
    assert "Done on Monday 5 April 2027" in done_before


async def test_action_is_withheld_from_whom_it_would_endanger(cases) -> None:
    ref, plan = await an_active_case(cases)
    action = plan["actions"][0]["action_id"]
    page = await opened(cases, await a_link(cases, ref, withheld=[action]))
    assert "Meeting with the school" not in page
    body = BODY | {"withheld": [str(uuid4())]}
    path = f"/cases/{ref}/statement-links"
    problem = await refused(cases, CORA, path, body, 422, "malformed")
    assert action in problem["errors"][0]["allowed"]


async def test_code_is_read_as_people_write_it(cases) -> None:
    ref = await a_registered_case(cases)
    link = await a_link(cases, ref)
    typed = link["code"].lower().replace("0", "o").replace("1", "l").replace("-", "%20")
    assert (await send(cases, path_of(link), code=typed)).status_code == 303


async def test_wrong_codes_lock_the_link_and_are_audited(cases) -> None:
    ref = await a_registered_case(cases)
    link = await a_link(cases, ref)
    for _ in range(4):
        answer = await send(cases, path_of(link), code="AAAA-AAAA")
        assert answer.status_code == 403
        assert "was not the right code" in answer.text
    assert (await send(cases, path_of(link), code=link["code"])).status_code == 303  # counts anew
    cases.client.cookies.clear()
    answers = [await send(cases, path_of(link), code="AAAA-AAAA") for _ in range(5)]
    assert [each.status_code for each in answers] == [403, 403, 403, 403, 423]
    assert (await send(cases, path_of(link), code=link["code"])).status_code == 423
    assert (await cases.client.get(path_of(link))).status_code == 423
    trail = await audit(cases, "open-statement")
    assert trail == ["wrong-code"] * 4 + ["allowed"] + ["wrong-code"] * 5 + ["link-locked"] * 2
    listed = (await cases.get(CORA, f"/cases/{ref}/statement-links")).json()["items"]
    assert listed[0]["locked_at"]
    facts = (await cases.get(CORA, f"/cases/{ref}/chronology")).json()["items"]
    assert [each["fact"] for each in facts][-1] == "statement-link.locked"


async def test_code_is_kept_nowhere(cases) -> None:
    ref = await a_registered_case(cases)
    link = await a_link(cases, ref)
    for table in ("statement_links", "facts", "outbox", "audit"):
        assert link["code"] not in str(await cases.rows(f"SELECT * FROM {table}"))
    listed = await cases.get(CORA, f"/cases/{ref}/statement-links")
    assert link["code"] not in listed.text


async def test_link_that_ended_leads_nowhere(cases) -> None:
    ref, _ = await an_active_case(cases)
    revoked, expiring = await a_link(cases, ref), await a_link(cases, ref, valid_days=2)
    await opened(cases, revoked)
    gone = await cases.ask(CORA, "DELETE", f"/cases/{ref}/statement-links/{revoked['link_id']}")
    assert gone.status_code == 204
    await opened(cases, expiring)
    cases.clock.forward(days=2)
    never = await cases.client.get(f"/statement/{uuid4()}")
    for path in (path_of(revoked), path_of(expiring), "/statement/x"):
        ended = await cases.client.get(path)
        assert (ended.status_code, ended.text) == (404, never.text)
    answer = await send(cases, path_of(revoked), code=revoked["code"])
    assert (answer.status_code, answer.text) == (404, never.text)
    said = await send(cases, f"{path_of(expiring)}/feedback", kind="comment", words="Hello")
    assert said.status_code == 404


async def test_erased_child_leaves_no_page(cases) -> None:
    ref, _ = await an_active_case(cases)
    link = await a_link(cases, ref)
    await opened(cases, link)
    async with cases.db.transaction(Viewer.system("cases")) as uow:
        await crypto.erase(uow, ref)
    assert (await cases.client.get(path_of(link))).status_code == 404


async def test_page_of_one_family_opens_no_other(cases) -> None:
    (mine, _), (other, _) = await an_active_case(cases), await an_active_case(cases)
    link, theirs = await a_link(cases, mine), await a_link(cases, other)
    page = await opened(cases, link)
    assert other not in page
    cookie = next(iter(cases.client.cookies.jar)).value
    cases.client.cookies.clear()
    headers = {"Cookie": f"throughline_statement={cookie}"}
    shown = await cases.client.get(path_of(theirs), headers=headers)
    assert "Please give your code" in shown.text
    assert (await send(cases, path_of(theirs), code=link["code"])).status_code == 403


async def test_page_closes_after_a_while_and_when_asked_to(cases, monkeypatch) -> None:
    ref = await a_registered_case(cases)
    link = await a_link(cases, ref)
    await opened(cases, link)
    now = visiting.wall_now()
    monkeypatch.setattr(visiting, "wall_now", lambda: now.replace(year=now.year + 1))
    assert "Please give your code" in (await cases.client.get(path_of(link))).text
    monkeypatch.undo()


async def test_feedback_is_sealed_said_by_id_and_read_by_the_caseworker(cases) -> None:
    ref, _ = await an_active_case(cases)
    link = await a_link(cases, ref)
    await opened(cases, link)
    answer = await send(cases, f"{path_of(link)}/feedback", kind="comment", words="Thank+you+all")
    assert answer.status_code == 303
    page = (await cases.client.get(answer.headers["location"])).text
    assert "It has been received" in page
    assert "Thank you all" in page
    [said] = await cases.said(FeedbackReceived)
    assert set(said) == {"type", "case_ref", "at", "feedback_id", "kind"}
    for table in ("feedback", "facts", "outbox"):
        assert "Thank you" not in str(await cases.rows(f"SELECT * FROM {table}"))
    items = (await cases.get(CORA, f"/cases/{ref}/feedback")).json()["items"]
    assert [(each["given_by"], each["words"]) for each in items] == [("mother", "Thank you all")]
    for who in (CARL, CLEO, PIA):
        assert (await cases.get(who, f"/cases/{ref}/feedback")).status_code == 404
    assert "complaint-answer" not in {each["step"] for each in await cases.said(DeadlineSet)}


async def test_complaint_is_owed_an_answer_by_the_supervisor(cases) -> None:
    ref, _ = await an_active_case(cases)
    link = await a_link(cases, ref)
    await opened(cases, link)
    await send(cases, f"{path_of(link)}/feedback", kind="complaint", words="Nobody+came")
    [owed] = [e for e in await cases.said(DeadlineSet) if e["step"] == "complaint-answer"]
    assert (owed["responsible"], owed["person_id"]) == ("supervisor", "sami")
    assert owed["moments"][0]["name"] == "opened"
    assert owed["moments"][0]["at"] == owed["at"]  # told at once
    items = (await cases.get(SAMI, f"/cases/{ref}/feedback")).json()["items"]
    path = f"/cases/{ref}/feedback/{items[0]['feedback_id']}/answer"
    words = {"words": "We are sorry and come tomorrow"}
    await refused(cases, CORA, path, words, 409, "complaint-awaits-supervisor")
    await done(cases, SAMI, path, words)
    await refused(cases, SAMI, path, words, 409, "feedback-answered")
    assert "come tomorrow" in await opened(cases, link)
    owed = await cases.rows("SELECT state FROM deadlines WHERE step = 'complaint-answer'")
    assert [each["state"] for each in owed] == ["met"]


async def test_another_person_of_the_family_does_not_read_what_one_said(cases) -> None:
    ref, _ = await an_active_case(cases)
    mothers, fathers = await a_link(cases, ref), await a_link(cases, ref, **{"for": "father"})
    await opened(cases, mothers)
    await send(cases, f"{path_of(mothers)}/feedback", kind="complaint", words="In+confidence")
    assert "In confidence" in await opened(cases, mothers)
    page = await opened(cases, fathers)
    assert "In confidence" not in page
    assert "answer to your complaint" not in page


async def test_what_is_said_without_words_code_or_end_is_not_taken(cases) -> None:
    ref = await a_registered_case(cases)
    link = await a_link(cases, ref)
    path = f"{path_of(link)}/feedback"
    asked = await send(cases, path, kind="comment", words="Hello")
    assert "Please give your code" in asked.text
    await opened(cases, link)
    assert (await send(cases, path, kind="comment", words="%20")).status_code == 422
    assert (await send(cases, path, kind="comment", words="x" * 4001)).status_code == 422
    foreign = await cases.client.post(path, content="words=x", headers=OWN | {"Origin": "http://e"})
    assert foreign.status_code == 401
    answers = [await send(cases, path, kind="other", words="Hello") for _ in range(21)]
    assert [each.status_code for each in answers] == [303] * 20 + [422]
    assert len(await cases.rows("SELECT id FROM feedback")) == 20


async def test_link_is_given_by_those_who_look_after_the_case(cases) -> None:
    ref, _ = await an_active_case(cases)
    path = f"/cases/{ref}/statement-links"
    for who in (CARL, CLEO, PIA):
        await refused(cases, who, path, BODY, 404, "not-found")
    for wrong in ({"valid_days": 91}, {"valid_days": 0}, {"language": "de"}, {"for": "aunt"}):
        await refused(cases, CORA, path, BODY | wrong, 422, "malformed")
    await done(cases, SAMI, path, BODY)


async def test_closed_case_tells_how_to_come_back(cases) -> None:
    ref = await a_closed_case(cases)
    page = await opened(cases, await a_link(cases, ref))
    assert "Call the office or the school" in page


@pytest.mark.parametrize("approved", [False, True])
async def test_family_of_a_child_who_died_is_not_told_to_come_back(cases, approved) -> None:
    ref, _ = await an_active_case(cases)
    await send_complaint(cases, await a_link(cases, ref))
    died = {
        "ground": "died", "died_on": cases.clock.at.date().isoformat(), "reasons": "An accident",
        "abuse_or_neglect_suspected": False, "discussed_with_family": True,
    }  # fmt: skip
    await done(cases, CORA, f"/cases/{ref}/closure-request", died)
    if approved:
        await done(cases, SAMI, f"/cases/{ref}/closure-approval", {"note": "Agreed"})
    page = await opened(cases, await a_link(cases, ref))
    assert "the child has died" in page
    assert "You get an answer to your complaint" in page
    assert "We make a plan together with you" in page  # done, while there was time
    for gone in (
        "What we work towards together", "If you need help again", 'value="return"',
        "We ask how you are", "No longer planned", "There is no promise open",
    ):  # fmt: skip
        assert gone not in page


@pytest.mark.parametrize(
    ("language", "direction", "told"),
    [
        ("fr", "ltr", "Ce qui vous a été promis"),
        ("es", "ltr", "Lo que se les ha prometido"),
        ("ar", "rtl", "ما وُعدتم به"),
    ],
)
async def test_page_speaks_the_familys_language(cases, language, direction, told) -> None:
    ref, _ = await an_active_case(cases)
    link = await a_link(cases, ref, language=language)
    code_page = (await cases.client.get(path_of(link))).text
    page = await opened(cases, link)
    for each in (code_page, page):
        assert f'<html lang="{language}" dir="{direction}">' in each
    assert told in page
    assert "Meeting with the school" in page  # as it was agreed


@pytest.mark.parametrize("language", list(Language))
def test_catalogue_says_everything_in_every_plural_form(language) -> None:
    words = catalogues.wording(language)
    english = yaml.safe_load((catalogues._FOLDER / "en.yaml").read_text("utf-8"))
    assert _shape(words.words) == _shape(english)
    for kind in FeedbackKind:
        assert words.has(f"kind.{kind.value}")
    for bearer in (*Bearer, "manager", "agency-head"):
        assert words.has(f"role.{bearer}")
    for step in PROMISED:
        assert words.has(f"promise.{step}")
    for outcome in Outcome:
        assert words.say(f"outcome.{outcome.value}", at="1")
    forms = {Locale.parse(language.value).plural_form(number) for number in range(120)}
    for key in ("number_owed", "number_overdue"):
        assert forms <= set(words.words[key])


def _shape(words: Any) -> Any:
    """Keys, and in each sentence the values that it is filled with; plural forms differ by language."""
    if not isinstance(words, dict):
        return sorted(name for _, name, *_ in string.Formatter().parse(str(words)) if name)
    if "other" in words:
        return "plural"
    return {key: _shape(each) for key, each in words.items()}


async def test_promise_that_was_put_off_says_so(cases) -> None:
    ref, _ = await an_active_case(cases)
    link = await a_link(cases, ref)
    assert "Put off" not in await opened(cases, link)
    items = (await cases.get(CORA, f"/cases/{ref}/deadlines")).json()["items"]
    [duty] = [each for each in items if each["step"] == "plan-action"]
    body = {"why": "worker-away", "reason": "She is ill", "new_due": ahead(cases, days=60)}
    path = f"/deadlines/{duty['deadline_id']}/extension-requests"
    asked = await done(cases, CORA, path, body)
    assert "Put off" not in await opened(cases, link)  # until somebody else has decided
    await done(cases, SAMI, f"/deadline-requests/{asked['request_id']}/approval", {"note": "Yes"})
    assert "Put off: first promised for Saturday 10 April 2027" in await opened(cases, link)
