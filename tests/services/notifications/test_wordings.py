"""Every message in every language: all words are there, and nothing in it is personal."""

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from babel import Locale
from icalendar import Calendar

from domain.digest import Backlog
from domain.notifying import Notification
from domain.vocabulary import NotificationKind, Role
from infrastructure import links
from infrastructure.key_ring import KeyRing
from infrastructure.settings import Settings
from services.notifications.commands.letter import Letters
from services.notifications.commands.wording import languages, wording
from services.notifications.store.recipients import Recipient
from tests.domain.test_notifying import a_notification
from tests.services.notifications.conftest import plain
from tests.services.served import DAY_0

LANGUAGES = ["ar", "en", "es", "fr"]
MESSAGES = sorted(wording("en").words["messages"])
ADDRESS = "somebody@north.example"
SUBJECT = UUID(int=9)
CASELESS = {"capacity-asked", "capacity-answered"}
A_RING = KeyRing.parse("test:a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "link_ring", lambda: A_RING)


def letters(**changes: Any) -> Letters:
    return Letters(
        Settings(
            public_url="https://care.example/", mail_from="throughline@care.example", **changes
        )
    )


def notified(message: str, **changes: Any) -> Notification:
    """With everything personal that could be in reach of a message."""
    facts: dict[str, Any] = {
        "kind": NotificationKind.MISSED,
        "message": message,
        "case_ref": None if message in CASELESS else "TL-0000-0000-0",
        "staff_id": "seeded-person",
        "agency_id": "seeded-agency",
        "owner": "seeded-owner",
        "due_at": DAY_0,
        "meeting_at": DAY_0,
        "subject_id": SUBJECT,
        "sequence": 3,
        "acknowledged_by": "seeded-other",
    }
    return a_notification(**(facts | changes))


def letter(message: str, language: str, by_link: bool = False, **changes: Any) -> EmailMessage:
    recipient = Recipient("seeded-person", ADDRESS, language, phone="+491234567")
    return letters().letter(
        notified(message, **changes), recipient, "Europe/Berlin", DAY_0, by_link=by_link
    )


def parts(mail: EmailMessage) -> str:
    """All that a reader or a program finds in it, decoded."""
    bodies = [str(part.get_content()) for part in mail.walk() if not part.is_multipart()]
    return "\n".join([*(f"{name}: {text}" for name, text in mail.items()), *bodies])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_in_every_language_names_nobody(message: str, language: str) -> None:
    for stand_in_for in (None, Role.CASEWORKER):
        mail = letter(message, language, by_link=True, stand_in_for=stand_in_for)
        whole = parts(mail)
        assert "seeded" not in whole
        assert "4912345" not in whole
        # Its reader's address stands in the header, and in the calendar's entry for her.
        assert ADDRESS not in whole.replace(f"To: {ADDRESS}", "").replace(
            f"ATTENDEE:mailto:{ADDRESS}", ""
        )
        assert "{" not in plain(mail)
        links_to = set(re.findall(r"https?://[^\s\"<]+", whole))
        assert all(
            each.startswith(("https://care.example/", "http://127.0.0.1:8102/r/"))
            for each in links_to
        )
    text = letters().text(notified(message), language, "Europe/Berlin")
    assert "seeded" not in text
    assert "4912345" not in text
    assert len(text) <= 160


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_and_plural_form(language: str) -> None:
    words, english = wording(language).words, wording("en").words
    assert languages() == LANGUAGES
    assert words.keys() == english.keys()
    assert words["messages"].keys() == english["messages"].keys()
    assert words["page"].keys() == english["page"].keys()
    assert set(words["roles"]) == {role.value for role in Role}
    forms = set(Locale.parse(language).plural_form.tags) | {"other"}
    for name in ("subject", "fresh", "open", "overdue"):
        assert set(words["digest"][name]) == forms, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_message_is_filled_with_is_the_same_in_every_language(language: str) -> None:
    english, words = wording("en").words["messages"], wording(language).words["messages"]

    def filled(each: dict[str, str]) -> list[str]:
        return sorted(set(re.findall(r"{\w+}", each["subject"] + each["text"])))

    assert {name: filled(each) for name, each in words.items()} == {
        name: filled(each) for name, each in english.items()
    }


@pytest.mark.parametrize(
    ("language", "moment", "direction"),
    [
        ("en", "Monday 1 March 2027, 09:00 (Europe/Berlin)", "ltr"),
        ("fr", "lundi 1 mars 2027 à 09:00 (Europe/Berlin)", "ltr"),
        ("es", "lunes 1 de marzo de 2027, 09:00 (Europe/Berlin)", "ltr"),
        ("ar", "الاثنين 1 مارس 2027، 09:00 (Europe/Berlin)", "rtl"),
    ],
)
def test_moments_and_direction_are_those_of_language_and_zone(
    language: str, moment: str, direction: str
) -> None:
    mail = letter("missed", language)
    html = mail.get_body(("html",))
    assert html is not None
    assert moment in plain(mail)
    assert f'lang="{language}" dir="{direction}"' in html.get_content()
    assert mail["Content-Language"] == language


def test_a_step_has_its_packs_title_in_english_and_its_own_word_elsewhere() -> None:
    assert "Periodic review meeting" in plain(letter("missed", "en"))
    assert "Réunion de revue périodique" in plain(letter("missed", "fr"))
    of_their_own = letter("missed", "fr", step="house-rule", step_title="Our own step")
    assert "Our own step" in plain(of_their_own)


def test_a_stand_in_is_told_for_the_post() -> None:
    assert "in place of the caseworker, who is away" in plain(
        letter("missed", "en", stand_in_for=Role.CASEWORKER)
    )


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("en", 1, "One entry for you to take up"),
        ("en", 2, "2 entries for you to take up"),
        ("ar", 1, "أمر واحد عليكم توليه"),
        ("ar", 2, "أمران عليكم توليهما"),
        ("ar", 3, "3 أمور عليكم توليها"),
        ("ar", 11, "11 أمرًا عليكم توليه"),
        ("ar", 100, "100 أمر عليكم توليه"),
        ("fr", 2, "2 éléments à prendre en charge"),
        ("es", 1, "1 asunto del que hacerse cargo"),
    ],
)
def test_a_digest_counts_in_the_plural_forms_of_the_language(
    language: str, number: int, said: str
) -> None:
    recipient = Recipient("seeded-person", ADDRESS, language)
    mail = letters().digest(Backlog(1, number, number), recipient, DAY_0, "key", away=True)
    assert mail["Subject"] == said
    assert "seeded" not in parts(mail)
    assert "https://care.example/inbox" in plain(mail)
    assert mail["Message-ID"] == "<digest-key@care.example>"


@pytest.mark.parametrize(
    ("message", "method", "status"),
    [
        ("invitation", "REQUEST", "CONFIRMED"),
        ("meeting-called", "REQUEST", "CONFIRMED"),
        ("meeting-moved", "REQUEST", "CONFIRMED"),
        ("meeting-cancelled", "CANCEL", "CANCELLED"),
    ],
)
def test_an_invitation_is_a_calendars_entry_too(message: str, method: str, status: str) -> None:
    [attached] = list(letter(message, "en").iter_attachments())
    assert attached.get_content_type() == "text/calendar"
    assert attached["Content-Type"].params["method"] == method
    calendar = Calendar.from_ical(attached.get_content())
    [entry] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], entry["STATUS"]) == (method, status)
    assert (entry["UID"], entry["SEQUENCE"]) == (f"{SUBJECT}@throughline", 3)
    assert entry.decoded("dtstart") == DAY_0
    assert entry["SUMMARY"] == "TL-0000-0000-0: Periodic review meeting"


def test_what_is_no_meeting_has_no_calendars_entry() -> None:
    assert list(letter("missed", "en").iter_attachments()) == []
    assert list(letter("invitation", "en", meeting_at=None).iter_attachments()) == []


def test_a_link_that_takes_it_up_is_signed_for_this_and_runs_out() -> None:
    assert "acknowledge" not in plain(letter("missed", "en"))
    text = plain(letter("missed", "en", by_link=True))
    [token] = re.findall(r"https://care.example/acknowledge/(\S+)", text)
    signed = links.verify(token, A_RING, links.ACKNOWLEDGEMENT)
    assert (signed.link_id, signed.expires_at) == (UUID(int=1), DAY_0 + timedelta(days=7))
    with pytest.raises(links.LinkNotSigned):
        links.verify(token, A_RING)


def test_a_provider_without_an_account_gets_the_referrals_own_link() -> None:
    text = plain(letter("referral-link", "en"))
    assert links.address(SUBJECT, DAY_0) in text
    assert "inbox" not in text


def test_the_envelope_says_which_message_came_back_where_the_site_wants_it() -> None:
    assert letters().envelope_sender("abc") == "throughline@care.example"
    marked = letters(bounce_address="bounces@care.example").envelope_sender("abc")
    assert marked == "bounces+abc@care.example"


def test_a_text_is_cut_at_the_step() -> None:
    long = notified("missed", step="house-rule", step_title="A step with a very long title " * 5)
    text = letters().text(long, "en", "Europe/Berlin")
    assert len(text) <= 160
    assert text.startswith("TL-0000-0000-0: overdue: A step")
    assert text.endswith("https://care.example/inbox#00000000-0000-0000-0000-000000000001")
    assert "1 Mar 09:00" in text
