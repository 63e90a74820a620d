"""The way to a family's statement: a link that ends, a code that is tried, and feedback that is answered."""

from dataclasses import replace
from uuid import UUID

import pytest

from domain import statement
from domain.deadlines import cancel, meet
from domain.extending import waive
from domain.statement import Language, Link, Outcome
from domain.vocabulary import FeedbackKind, Person
from tests.domain.deadline_builders import CASE, MOMENT, NINE, a_deadline, hours

LINK = Link(
    UUID(int=1), CASE, Language.ARABIC, Person.MOTHER, NINE, "amal", expires_at=NINE + hours(24)
)
END = LINK.expires_at


def test_link_leads_there_until_it_expires() -> None:
    statement.demand_usable(LINK, END - MOMENT)
    with pytest.raises(statement.LinkOver):
        statement.demand_usable(LINK, END)


def test_revoked_link_leads_nowhere_and_the_first_revocation_counts() -> None:
    revoked = statement.revoke(LINK, NINE)
    assert revoked == replace(LINK, revoked_at=NINE)
    with pytest.raises(statement.LinkOver):
        statement.demand_usable(revoked, NINE)
    assert statement.revoke(revoked, NINE + hours(1)).revoked_at == NINE


def test_link_locks_at_the_last_wrong_code_and_stays_locked() -> None:
    tried = statement.guessed(LINK, is_right=False, most=2, now=NINE)
    assert tried == replace(LINK, attempts=1)
    statement.demand_usable(tried, NINE)
    locked = statement.guessed(tried, is_right=False, most=2, now=NINE + MOMENT)
    assert (locked.attempts, locked.locked_at) == (2, NINE + MOMENT)
    with pytest.raises(statement.LinkLocked):
        statement.demand_usable(locked, NINE + MOMENT)


def test_right_code_opens_and_forgets_the_wrong_ones() -> None:
    opened = statement.guessed(replace(LINK, attempts=4), is_right=True, most=5, now=NINE)
    assert opened == replace(LINK, attempts=0, opened_at=NINE)


DUTY = a_deadline()  # due after 48 hours
OUTCOMES = [
    (DUTY, NINE + hours(48), Outcome.OPEN),
    (DUTY, NINE + hours(48) + MOMENT, Outcome.OVERDUE),
    (meet(DUTY, NINE + hours(48)), NINE + hours(99), Outcome.KEPT),
    (meet(DUTY, NINE + hours(49)), NINE + hours(99), Outcome.KEPT_LATE),
    (cancel(DUTY, NINE), NINE, Outcome.ENDED),
    (waive(DUTY, NINE), NINE, Outcome.ENDED),
]


@pytest.mark.parametrize(("duty", "now", "told"), OUTCOMES)
def test_family_is_told_what_became_of_a_promise(duty, now, told) -> None:
    assert statement.outcome(duty, now) is told


# what was said, whether it was answered, by whom it is answered now, what is refused (amal has the case)
ANSWERS = [
    (FeedbackKind.COMPLAINT, False, "sami", None),
    (FeedbackKind.COMPLAINT, False, "amal", statement.ComplaintAwaitsSupervisor),
    (FeedbackKind.QUESTION, False, "amal", None),
    (FeedbackKind.RETURN, False, "amal", None),
    (FeedbackKind.QUESTION, True, "amal", statement.FeedbackAnswered),
    (FeedbackKind.COMPLAINT, True, "sami", statement.FeedbackAnswered),
]


@pytest.mark.parametrize(("kind", "answered", "by", "refusal"), ANSWERS)
def test_feedback_is_answered_once_and_a_complaint_never_by_who_has_the_case(
    kind, answered, by, refusal
) -> None:
    if refusal is None:
        statement.demand_may_answer(kind, answered, by, "amal")
        return
    with pytest.raises(refusal):
        statement.demand_may_answer(kind, answered, by, "amal")


@pytest.mark.parametrize("kind", list(FeedbackKind))
def test_complaints_questions_and_wishes_to_return_await_an_answer(kind: FeedbackKind) -> None:
    awaited = kind in (FeedbackKind.COMPLAINT, FeedbackKind.QUESTION, FeedbackKind.RETURN)
    assert statement.awaits_answer(kind) is awaited
    if not awaited:
        with pytest.raises(statement.FeedbackAnswered):
            statement.demand_may_answer(kind, False, "sami", "amal")


def test_code_is_given_in_two_groups_of_letters_that_are_not_misread() -> None:
    letters = iter("4F7K9QX2")

    def draw(alphabet: str) -> str:
        assert alphabet == "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O or U
        return next(letters)

    assert statement.compose_code(draw) == "4F7K-9QX2"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("4F7K-9QX2", "4F7K-9QX2"),
        ("4f7k9qx2", "4F7K-9QX2"),
        (" 4f7k 9qx2 ", "4F7K-9QX2"),
        ("OIL0-9QX2", "0110-9QX2"),
        ("4F7K-9QX23", "4F7K-9QX23"),  # one too many is wrong, not cut off
        ("4F7K-9QX2345", "4F7K-9QX23"),
        ("", "-"),
    ],
)
def test_code_is_read_however_people_write_it(typed: str, read: str) -> None:
    assert statement.read_code(typed) == read
