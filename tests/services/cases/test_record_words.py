"""The case file's own words: one for each language, and what is missing shown as it is recorded."""

from datetime import UTC, datetime

import pytest

from contracts.events import REGISTRY
from deploy.policy.checking import _PLAIN_FACTS
from domain.statement import Language
from services.cases.web.record_words import RecordWords, _table, is_short, told
from services.cases.web.wording import wording

AT = datetime(2027, 3, 1, 8, tzinfo=UTC)


def test_every_word_is_given_in_every_language() -> None:
    for rows in _table().values():
        for key, row in rows.items():
            assert isinstance(key, str)
            assert len(row) == len(Language)
            assert all(row), key


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("risk", "imminent", "inminente"),
        ("ground", "goals-achieved", "objetivos alcanzados"),
        ("gender", "girl", "niña"),
        ("gender", "non-binary", "non-binary"),
        ("note", "goals-achieved", "goals-achieved"),  # words that somebody wrote stay theirs
        ("purpose", "contact-aunt", "contact aunt"),  # an agency's own code
        ("due", "2027-03-01T08:00:00Z", "1 de marzo de 2027, 09:00"),
        ("by", "2027-06-01", "1 de junio de 2027"),
        ("verified", False, "No"),
        ("target", 7.0, "7"),
        ("target", 6.5, "6.5"),
        ("answers", "need-1", "Help with school"),
        ("answers", "need-9", "need-9"),
    ],
)
def test_value_is_shown_as_people_read_it(key, value, shown) -> None:
    words = RecordWords(Language.SPANISH, "Europe/Berlin", {"need-1": "Help with school"})
    assert words.shown(key, value) == shown


@pytest.mark.parametrize(
    ("language", "label"),
    [
        (Language.ENGLISH, "Settling until"),
        (Language.FRENCH, "Consolidation jusqu\u2019au"),
        (Language.SPANISH, "Consolidación hasta"),
        (Language.ARABIC, "فترة التثبت حتى"),
    ],
)
def test_end_of_the_settling_period_is_true_before_it_and_after(language, label) -> None:
    assert RecordWords(language, "Europe/Berlin").label("settled_at") == label


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2027-03-01", "1er mars 2027"),
        ("2027-08-01", "1er août 2027"),
        ("2027-12-01", "1er décembre 2027"),
        ("2027-03-11", "11 mars 2027"),
        ("2027-03-21", "21 mars 2027"),
        ("2027-03-10", "10 mars 2027"),
    ],
)
def test_first_of_a_month_is_an_ordinal_in_french(day, told) -> None:
    words = wording(Language.FRENCH)
    at = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    assert words.date(at.date()) == told
    assert words.day(at, "Europe/Berlin").endswith(f" {told}")
    assert words.moment(at, "UTC") == f"{told}, 12:00"


@pytest.mark.parametrize(
    ("language", "every", "until", "shown"),
    [
        (Language.ENGLISH, "1 months", None, "every month"),
        (Language.ENGLISH, "2 weeks", "2027-05-11", "every 2 weeks until 11 May 2027"),
        (
            Language.FRENCH,
            "2 weeks",
            "2027-05-11",
            "toutes les 2 semaines jusqu\u2019au 11 mai 2027",
        ),
        (Language.FRENCH, "1 weeks", None, "chaque semaine"),
        (Language.SPANISH, "3 months", None, "cada 3 meses"),
        (Language.ARABIC, "2 days", None, "كل يومين"),
        (Language.ARABIC, "3 days", None, "كل 3 أيام"),
        (Language.ARABIC, "10 days", None, "كل 10 أيام"),
        (Language.ARABIC, "14 days", None, "كل 14 يومًا"),
        (Language.FRENCH, "when it suits", None, "when it suits"),
    ],
)
def test_rhythm_is_said_in_the_readers_language(language, every, until, shown) -> None:
    assert RecordWords(language, "Europe/Berlin").rhythm(every, until) == shown


def test_every_fact_of_a_case_is_said_in_every_language() -> None:
    announced = {
        each.type.removesuffix(".v1") for each in REGISTRY.values() if each.topic == "cases"
    }
    deadlines = {name for name in announced if name.startswith("deadline.")}
    assert not announced - deadlines - set(_table()["facts"])
    assert not set(_PLAIN_FACTS) - set(_table()["facts"])


def test_what_the_table_lacks_is_said_plainly() -> None:
    words = RecordWords(Language.ARABIC, "Europe/Berlin")
    assert words.label("bus_ticket") == "Bus ticket"
    assert words.fact("bus-ticket.bought") == "Bus ticket bought"
    assert words.heading("bus-ticket") == "Bus ticket"
    assert words.said("with", "bus-driver") == "bus driver"
    assert words.said("approved_by", "jonas-w") == "jonas-w"  # a person is no code
    assert words.said("at", AT.isoformat()) == "1 مارس 2027، 09:00"


def test_nothing_empty_and_no_id_for_programs_is_told() -> None:
    content = {
        "id": "1",
        "meeting_id": "2",
        "staff_id": "cora",
        "note": "",
        "why_not": None,
        "took_part": False,
    }
    assert told(content) == [("staff_id", "cora"), ("took_part", False)]
    assert is_short(content)
    assert not is_short({"rhythm": [1]})
