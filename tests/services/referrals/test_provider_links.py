"""A provider without an account: a link that shows nothing, a code told apart, and the same record behind."""

import re
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest

from contracts.events.referrals import ReferralLinkIssued, ReferralLinkRevoked
from domain.statement import Language
from services.referrals.web.wording import wording
from tests.services.referrals.cast import (
    AMAL,
    BRIDGE,
    CASE,
    HARBOUR,
    SECRET,
    SUMMARY,
    consented,
    fallback,
    get,
    post,
    requested,
    withdrawn,
)
from tests.services.served import Served

PERSONAL = (CASE, SUMMARY, SECRET, "Noor", "family-support", "harbour-help")
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


class Browser:
    """Somebody at the provider's, with the link of a mail; keeps its cookie as a browser does."""

    def __init__(self, served: Served, url: str) -> None:
        self.path = urlsplit(url).path
        self._client = served.client
        self.cookie = ""

    async def get(self) -> httpx2.Response:
        return await self._client.get(self.path, headers=self._headers())

    async def post(self, step: str = "", headers: Any = None, **form: str) -> httpx2.Response:
        address = f"{self.path}/{step}" if step else self.path
        answer = await self._client.post(
            address, content=urlencode(form), headers={**FORM, **self._headers(), **(headers or {})}
        )
        self.cookie = answer.headers.get("set-cookie", "").partition(";")[0] or self.cookie
        return answer

    async def say(self, step: str, **form: str) -> httpx2.Response:
        """As the page's own form does."""
        found = re.search(r'name="csrf" value="(\w+)"', (await self.get()).text)
        return await self.post(step, csrf=found[1] if found else "", **form)

    def _headers(self) -> dict[str, str]:
        self._client.cookies.clear()
        return {"Cookie": self.cookie} if self.cookie else {}


async def issued(served: Served, referral_id: str, **asked: Any) -> tuple[Browser, dict[str, Any]]:
    link = await post(served, AMAL, f"/referrals/{referral_id}/link", asked, expect=201)
    return Browser(served, link["url"]), link


async def let_in(served: Served, referral_id: str, **asked: Any) -> Browser:
    browser, link = await issued(served, referral_id, **asked)
    assert (await browser.post(code=link["code"])).status_code == 303
    return browser


async def test_until_the_code_is_given_nothing_says_what_it_is_about(referrals: Served) -> None:
    browser, link = await issued(referrals, await requested(referrals))
    (event,) = await referrals.said(ReferralLinkIssued)
    assert (event["to_agency_id"], event["attempt"], event["link_id"]) == (
        "harbour-help", 1, link["link_id"],
    )  # fmt: skip
    assert link["code"] not in str(await referrals.said())
    for page in (await browser.get(), await browser.post(code="0000-0000")):
        assert not [word for word in PERSONAL if word in page.text]
        assert page.headers["cache-control"] == "no-store"
    assert (await browser.say("acceptance")).status_code == 401  # no session, no form
    opened = await browser.post(code=link["code"].lower().replace("-", " "))
    cookie = opened.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    page = (await browser.get()).text
    assert all(word in page for word in (CASE, SUMMARY, SECRET, "Noor"))
    assert "<script" not in page
    assert not [word for word in PERSONAL if word in browser.path]


async def test_a_provider_works_by_its_link_as_by_an_account(referrals: Served) -> None:
    referral_id = await requested(referrals)
    browser = await let_in(referrals, referral_id)
    for step, form in (
        ("acknowledgement", {}),
        ("acceptance", {}),
        ("appointment", {"at": "2027-03-02T10:30"}),
    ):
        answer = await browser.say(step, **form)
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            f"{browser.path}?said=true",
        )
    view = await get(referrals, AMAL, f"/referrals/{referral_id}")
    assert view["appointment_at"] == "2027-03-02T09:30:00Z"  # as typed, in the pack's zone
    assert view["sharing"]["seen"][0]["agency_id"] == "harbour-help"
    referrals.clock.forward(days=2)
    wrong = await browser.say("appointment", at="2027-03-02T10:30")
    assert (wrong.status_code, 'role="alert"' in wrong.text) == (422, True)
    assert (await browser.say("service-given", note="A first talk.")).status_code == 303
    view = await get(referrals, AMAL, f"/referrals/{referral_id}")
    assert (view["detail"], view["notes"]["service-given"]) == ("event-done", "A first talk.")
    by = await referrals.rows(
        "select distinct staff_id from audit where action = 'accept-referral'"
    )
    assert by[0]["staff_id"].startswith("link-")


async def test_a_provider_declines_by_its_link_and_the_link_is_over(referrals: Served) -> None:
    referral_id = await requested(referrals)
    browser = await let_in(referrals, referral_id)
    declined = await browser.say("rejection", reason="no-capacity", note="Full until May.")
    assert declined.status_code == 200
    assert not [word for word in PERSONAL if word in declined.text]
    view = await get(referrals, AMAL, f"/referrals/{referral_id}")
    assert (view["state"], view["attempts"][0]["note"]) == ("rejected", "Full until May.")
    assert (await browser.get()).status_code == 404


async def test_guessing_locks_the_link_for_good(referrals: Served) -> None:
    browser, link = await issued(referrals, await requested(referrals))
    answers = [(await browser.post(code="0000-0000")).status_code for _ in range(5)]
    assert answers == [403, 403, 403, 403, 423]
    assert (await browser.post(code=link["code"])).status_code == 423
    rows = await referrals.rows("select outcome from audit where action = 'open-referral-link'")
    assert [row["outcome"] for row in rows].count("wrong-code") == 5


async def over(served: Served, browser: Browser) -> bool:
    page = await browser.get()
    return page.status_code == 404 and not [word for word in PERSONAL if word in page.text]


async def test_a_link_ends_when_it_is_revoked_when_a_new_one_is_given_and_with_time(
    referrals: Served,
) -> None:
    referral_id = await requested(referrals)
    path = f"/referrals/{referral_id}/links"
    first, second = await let_in(referrals, referral_id), await let_in(referrals, referral_id)
    assert await over(referrals, first)
    links = (await get(referrals, AMAL, path))["items"]
    link = next(each for each in links if each["revoked_at"] is None)
    for who, status in ((HARBOUR, 404), (AMAL, 204), (AMAL, 204)):
        answer = await referrals.ask(who.token, "DELETE", f"{path}/{link['link_id']}")
        assert answer.status_code == status
    assert await over(referrals, second)
    assert len(await referrals.said(ReferralLinkRevoked)) == 2
    third = await let_in(referrals, referral_id, valid_days=2)
    referrals.clock.forward(days=2)
    assert await over(referrals, third)
    assert await over(referrals, Browser(referrals, "http://x/r/" + "A" * 76))


async def test_a_link_ends_with_its_attempt_and_with_the_consent(referrals: Served) -> None:
    await referrals.hear(consented())
    referral_id = await requested(referrals)
    first = await let_in(referrals, referral_id)
    await post(referrals, HARBOUR, f"/referrals/{referral_id}/rejection", {"reason": "no-capacity"})
    assert await over(referrals, first)
    await referrals.hear(fallback(referrals, referral_id, 1, "rejected"))
    assert await over(referrals, first)  # another provider has it now
    second = await let_in(referrals, referral_id)
    assert "bridge-families" not in (await second.get()).text
    await referrals.hear(withdrawn(referrals))
    assert await over(referrals, second)
    assert len(await referrals.said(ReferralLinkRevoked)) == 2


async def test_only_the_cases_side_gives_links_out_and_for_somebody_asked(
    referrals: Served,
) -> None:
    path = f"/referrals/{await requested(referrals)}"
    for who in (HARBOUR, BRIDGE):
        await post(referrals, who, f"{path}/link", {}, expect=404)
    long = await post(referrals, AMAL, f"{path}/link", {"valid_days": 90}, expect=422)
    assert long["errors"][0]["field"] == "valid_days"
    await post(referrals, HARBOUR, f"{path}/rejection", {"reason": "no-capacity"})
    gone = await post(referrals, AMAL, f"{path}/link", {}, expect=409)
    assert gone["code"] == "referral-not-in-state"


async def test_what_was_not_sent_from_a_page_of_ours_is_refused(referrals: Served) -> None:
    referral_id = await requested(referrals)
    browser = await let_in(referrals, referral_id)
    foreign = {"Sec-Fetch-Site": "cross-site"}
    for answer in (
        await browser.post("acceptance", foreign, csrf="x"),
        await browser.post("acceptance", csrf="x"),  # our origin, but no form of this session
        await browser.post(headers=foreign, code="0000-0000"),
    ):
        assert answer.status_code == 401
    assert (await get(referrals, AMAL, f"/referrals/{referral_id}"))["state"] == "requested"
    left = await browser.post("end")
    assert left.status_code == 303


@pytest.mark.parametrize("language", list(Language))
async def test_the_page_speaks_the_providers_language(
    referrals: Served, language: Language
) -> None:
    browser = await let_in(referrals, await requested(referrals), language=language.value)
    page = (await browser.get()).text
    assert f'dir="{wording(language).direction}"' in page
    assert wording(language).say("do.acceptance").replace("'", "&#39;") in page
    assert "<li>" in page  # what is owed until when


def test_every_catalogue_has_the_same_words() -> None:
    def keys(words: Any, before: str = "") -> set[str]:
        if not isinstance(words, dict):
            return {before}
        return {key for name, each in words.items() for key in keys(each, f"{before}.{name}")}

    assert len({frozenset(keys(wording(language).words)) for language in Language}) == 1
