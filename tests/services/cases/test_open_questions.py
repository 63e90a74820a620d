"""Open questions that somebody owes an answer, and statements that are verified later."""

from datetime import timedelta

from contracts.events.cases import (
    ComprehensiveAssessmentRecorded,
    OpenQuestionAnswered,
    OpenQuestionAsked,
)
from domain.vocabulary import Role
from tests.services.cases.conftest import (
    CARL,
    CLEO,
    CORA,
    SAMI,
    SOUTH,
    a_closed_case,
    a_registered_case,
    ago,
    ahead,
    an_assessed_case,
    an_assessment,
    an_initial_assessment,
    done,
    fields,
    open_steps,
    refused,
    staff,
    states,
)

FATHER = "How Noor gets on with her father"
MONEY = "The family's money"
UNKNOWN = "0192f0c1-2b3c-7d4e-8f50-a1b2c3d4e5f6"


async def a_questioned_case(served, *questions):
    ref = await a_registered_case(served)
    served.clock.forward(days=1)
    await done(served, CORA, f"/cases/{ref}/initial-assessment", an_initial_assessment(served))
    body = an_assessment(open_questions=list(questions))
    return ref, await done(served, CORA, f"/cases/{ref}/comprehensive-assessment", body)


async def test_question_in_plain_words_is_a_duty_of_the_caseworker(cases) -> None:
    ref, answer = await a_questioned_case(cases, MONEY, FATHER)
    items = (await cases.get(CORA, f"/cases/{ref}/questions")).json()["items"]
    assert [each["question_id"] for each in items] == answer["questions"]
    assert [(each["question"], each["responsible_id"]) for each in items] == [
        (MONEY, "cora"),
        (FATHER, "cora"),
    ]
    assert await states(cases, "open-question") == ["open", "open"]
    assert [each["question_id"] for each in await cases.said(OpenQuestionAsked)] == answer[
        "questions"
    ]
    body = {"answer": "She misses him", "source": "child", "verified": False}
    for question in answer["questions"]:
        await done(cases, CORA, f"/cases/{ref}/questions/{question}/answer", body)
    assert await states(cases, "open-question") == ["met", "met"]


async def test_plain_words_and_a_question_with_nothing_else_said_are_owed_alike(cases) -> None:
    ref, _ = await a_questioned_case(cases, MONEY, {"question": FATHER})
    items = (await cases.get(CORA, f"/cases/{ref}/questions")).json()["items"]
    plain, given = (
        {name: each for name, each in item.items() if name not in ("question_id", "question")}
        for item in items
    )
    assert plain == given
    due = await cases.rows("SELECT due_at FROM deadlines WHERE step = 'open-question'")
    assert [each["due_at"] for each in due] == [cases.clock.at + timedelta(days=14)] * 2


async def test_question_stands_once_in_the_record_and_once_on_its_page(cases) -> None:
    ref, _ = await a_questioned_case(cases, MONEY, {"question": FATHER})
    record = (await cases.get(CORA, f"/cases/{ref}")).text
    page = (await cases.get(CORA, f"/cases/{ref}/file.html")).text
    assessed = page.split('<h2 id="assessment">')[1].split("<h2 ")[0]
    duties = page.split('<h2 id="deadlines">')[1].split("<h2 ")[0]
    for question in ("money", FATHER):
        assert [text.count(question) for text in (record, assessed, duties)] == [1, 1, 1]
    assert "To find out" not in assessed
    asked = page.split('<h2 id="chronology">')[1]
    assert asked.count("Open question asked") == 2
    assert "Asked by" not in asked  # the column of who recorded it says so


async def test_question_with_somebody_who_owes_it_becomes_a_duty(cases) -> None:
    ref, answer = await a_questioned_case(
        cases,
        MONEY,
        {"question": FATHER},
        {"question": "Who else helps", "responsible_id": "sami", "due": ahead(cases, days=4)},
    )
    assert len(answer["questions"]) == 3
    (recorded,) = await cases.said(ComprehensiveAssessmentRecorded)
    assert recorded["open_questions"] == 3
    steps = await open_steps(cases, ref)
    assert steps["open-question"] == cases.clock.at + timedelta(days=14)
    assert steps["open-question-by-date"] == cases.clock.at + timedelta(days=3)
    items = (await cases.get(CORA, f"/cases/{ref}/questions")).json()["items"]
    assert [(each["question"], each["responsible_id"]) for each in items] == [
        (MONEY, "cora"),
        (FATHER, "cora"),
        ("Who else helps", "sami"),
    ]
    owed = (await cases.get(CORA, f"/cases/{ref}/deadlines")).json()["items"]
    (dated,) = [each for each in owed if each["step"] == "open-question-by-date"]
    assert dated["responsible"]["person_id"] == "sami"
    assert FATHER not in str(await cases.said())


async def test_answer_meets_the_duty_and_is_a_statement_with_its_source(cases) -> None:
    ref, assessed = await a_questioned_case(cases, {"question": FATHER})
    (question,) = assessed["questions"]
    cases.clock.forward(days=2)
    path = f"/cases/{ref}/questions/{question}/answer"
    body = {"answer": "She misses him", "source": "child", "verified": False}
    answer = await done(cases, CORA, path, body)
    assert await states(cases, "open-question") == ["met"]
    (item,) = (await cases.get(SAMI, f"/cases/{ref}/questions")).json()["items"]
    assert (item["answer"], item["answered_by"]) == ("She misses him", "cora")
    assert item["statement_id"] == answer["statement_id"]
    (said,) = await cases.said(OpenQuestionAnswered)
    assert said["question_id"] == question
    assert "misses" not in str(await cases.said())
    await refused(cases, CORA, path, body, 409, "question-answered")


async def test_question_is_asked_later_and_overdue_when_nobody_answers(cases) -> None:
    ref = await an_assessed_case(cases)
    path = f"/cases/{ref}/questions"
    asked = await done(cases, CORA, path, {"question": FATHER, "due": ahead(cases, days=2)})
    assert "open-question-by-date" in {each["step"] for each in asked["deadlines"]}
    cases.clock.forward(days=3)
    (item,) = (await cases.get(CORA, path)).json()["items"]
    assert item["overdue"]
    body = {"caseworker_id": "carl", "supervisor_id": "sami"}
    await done(cases, SAMI, f"/cases/{ref}/assignment", body)
    (item,) = (await cases.get(CARL, path)).json()["items"]
    assert item["responsible_id"] == "carl"  # it goes with the case


async def test_question_that_a_colleague_owes_stays_hers_when_the_case_changes_hands(cases) -> None:
    ref = await an_assessed_case(cases)
    path = f"/cases/{ref}/questions"
    await done(cases, CORA, path, {"question": FATHER, "responsible_id": "carl"})
    await done(cases, CORA, path, {"question": "Who else helps"})
    body = {"caseworker_id": "cleo", "supervisor_id": "sami"}
    await done(cases, SAMI, f"/cases/{ref}/assignment", body)
    items = (await cases.get(SAMI, path)).json()["items"]
    assert [(each["question"], each["responsible_id"]) for each in items] == [
        (FATHER, "carl"),
        ("Who else helps", "cleo"),
    ]
    answer = {"answer": "He calls on Sundays", "source": "father", "verified": False}
    question = items[0]["question_id"]
    await done(cases, CARL, f"{path}/{question}/answer", answer)


async def test_question_that_cannot_be_owed_is_refused_naming_the_field(cases) -> None:
    await cases.hear(staff("olga", Role.CASEWORKER, active=False))
    ref = await an_assessed_case(cases)
    gone = {"question": FATHER, "responsible_id": "olga"}
    late = {"question": FATHER, "due": ago(cases, days=1)}
    path = f"/cases/{ref}/questions"
    for body, code, field in [
        (gone, "malformed", "responsible_id"),
        (late, "due-in-past", "due"),
        ({"question": " "}, "malformed", "question"),
    ]:
        assert fields(await refused(cases, CORA, path, body, 422, code)) == [field]
    path = f"/cases/{ref}/comprehensive-assessment"
    for each, code, field in [
        (gone, "malformed", "open_questions.1.responsible_id"),
        (late, "due-in-past", "open_questions.1.due"),
    ]:
        body = an_assessment(open_questions=["In words", each])
        assert fields(await refused(cases, CORA, path, body, 422, code)) == [field]
    path = f"/cases/{ref}/questions/{UNKNOWN}/answer"
    body = {"answer": "x", "source": "child", "verified": True}
    await refused(cases, CORA, path, body, 404, "not-found")


async def test_refused_question_says_who_may_owe_it_while_they_are_few(cases) -> None:
    gone = {"question": FATHER, "responsible_id": "olga"}
    await cases.hear(
        staff("olga", Role.CASEWORKER, active=False),
        staff("cora", Role.CASEWORKER),
        staff("sami", Role.SUPERVISOR),
        staff("pia", Role.PROVIDER, agency_id=SOUTH),
    )
    ref = await an_assessed_case(cases)
    path = f"/cases/{ref}/questions"
    answer = await refused(cases, CORA, path, gone, 422, "malformed")
    assert answer["errors"][0]["allowed"] == ["cora", "sami"]
    await cases.hear(*(staff(f"many-{number}", Role.CASEWORKER) for number in range(19)))
    answer = await refused(cases, CORA, path, gone, 422, "malformed")
    assert answer["errors"][0]["allowed"] is None


async def test_open_questions_end_with_the_case(cases) -> None:
    ref = await a_closed_case(cases)
    path = f"/cases/{ref}/questions"
    await refused(cases, CORA, path, {"question": FATHER}, 409, "step-out-of-order")


async def test_verification_of_a_statement_changes_and_keeps_its_history(cases) -> None:
    ref = await an_assessed_case(cases)
    listed = (await cases.get(CORA, f"/cases/{ref}/statements")).json()["items"]
    (statement,) = listed
    assert (statement["text"], statement["state"]) == ("Marks have fallen", "verified")
    cases.clock.forward(days=1)
    path = f"/cases/{ref}/statements/{statement['statement_id']}/verification"
    body = {"state": "contradicted", "how": "The report says otherwise"}
    await done(cases, CORA, path, body)
    await refused(cases, CORA, path, body, 409, "verification-unchanged")
    (statement,) = (await cases.get(SAMI, f"/cases/{ref}/statements")).json()["items"]
    assert statement["state"] == "contradicted"
    assert [each["state"] for each in statement["history"]] == ["verified", "contradicted"]
    assert statement["history"][1]["how"] == "The report says otherwise"
    path = f"/cases/{ref}/statements/{UNKNOWN}/verification"
    await refused(cases, CORA, path, body, 404, "not-found")
    for who in (CARL, CLEO):  # her team sees no assessment
        assert (await cases.get(who, f"/cases/{ref}/statements")).status_code == 404
    lines = (await cases.get(CORA, f"/cases/{ref}/chronology")).json()["items"]
    assert lines[-1]["fact"] == "statement.verification-changed"


async def test_colleague_who_owes_an_answer_reads_that_question_and_nothing_else(cases) -> None:
    ref, assessed = await a_questioned_case(
        cases, {"question": FATHER, "responsible_id": "cleo"}, {"question": "Who pays the rent"}
    )
    hers, other = (f"/cases/{ref}/questions/{each}" for each in assessed["questions"])
    assert (await cases.get(CLEO, hers)).json()["question"] == FATHER
    assert (await cases.get(CORA, hers)).json()["responsible_id"] == "cleo"
    for path in (other, f"/cases/{ref}", f"/cases/{ref}/questions", f"/cases/{ref}/statements"):
        assert (await cases.get(CLEO, path)).status_code == 404
    body = {"answer": "Her aunt knows", "source": "family", "verified": False}
    await refused(cases, CLEO, f"{other}/answer", body, 404, "not-found")
    await refused(cases, CARL, f"{hers}/answer", body, 404, "not-found")
    await done(cases, CLEO, f"{hers}/answer", body)
    assert (await cases.get(CLEO, hers)).status_code == 404  # what she owed is done
    assert (await cases.get(SAMI, hers)).json()["answered_by"] == "cleo"
    assert (await cases.get(CARL, hers)).status_code == 404  # her team sees no assessment
    missing = f"/cases/{ref}/questions/{UNKNOWN}"
    assert (await cases.get(CORA, missing)).status_code == 404
    rows = await cases.rows("SELECT outcome FROM audit WHERE action = 'read-open-question'")
    assert {row["outcome"] for row in rows} == {"allowed", "hidden"}
