"""The list as a page: with a session in a cookie, and forms that only our own page can send."""

import re

from infrastructure.web_session import COOKIE
from tests.services.notifications.conftest import CORA, missed, the_notification_of
from tests.services.served import Served

OURS = {"Sec-Fetch-Site": "same-origin"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def test_a_browser_signs_in_sees_its_list_and_takes_something_up(
    notifications: Served,
) -> None:
    await notifications.hear(missed())
    browser = notifications.client
    led = await browser.get("/inbox", headers={"Accept": "text/html"})
    assert (led.status_code, led.headers["location"]) == (303, "/inbox.html")
    asked = await browser.get("/inbox.html")
    assert asked.headers["location"] == "/session?next=/inbox.html"
    form = await browser.get("/session?next=/inbox.html")
    assert 'value="/inbox.html"' in form.text

    begun = await _sign_in(notifications, CORA, "/inbox.html")
    assert (begun.status_code, begun.headers["location"]) == (303, "/inbox.html")
    cookie = begun.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie

    page = await browser.get("/inbox.html")
    assert (page.status_code, CORA in page.text) == (200, False)
    assert "http" not in page.text  # nothing from another host
    assert "Initial assessment of immediate needs and safety" in page.text
    notification_id = await the_notification_of(notifications, "cora")
    [form_token] = re.findall(r'name="csrf" value="([0-9a-f]{64})"', page.text)
    path = f"/inbox/{notification_id}/acknowledgement"
    foreign = [
        {"headers": FORM | OURS, "content": "csrf=wrong"},
        {"headers": FORM | OURS, "content": ""},
        {"headers": FORM | {"Sec-Fetch-Site": "cross-site"}, "content": f"csrf={form_token}"},
        {"headers": FORM | {"Origin": "https://evil.example"}, "content": f"csrf={form_token}"},
    ]
    for attempt in foreign:
        refused = await browser.post(path, **attempt)  # type: ignore[arg-type]
        assert refused.status_code == 401
    taken = await browser.post(path, headers=FORM | OURS, content=f"csrf={form_token}")
    assert taken.headers["location"] == f"/inbox.html#{notification_id}"
    assert "Taken up by cora" in (await browser.get("/inbox.html")).text

    ended = await browser.post("/session/end", headers=OURS)
    assert ended.headers["location"] == "/session"
    assert (await browser.get("/inbox.html")).status_code == 303


async def test_a_session_begins_only_with_a_valid_token_from_our_page(
    notifications: Served,
) -> None:
    assert (await _sign_in(notifications, "not-a-token", "/")).status_code == 401
    elsewhere = await _sign_in(notifications, CORA, "https://evil.example/")
    assert elsewhere.headers["location"] == "/"
    twice = await _sign_in(notifications, CORA, "//evil.example/")
    assert twice.headers["location"] == "/"
    notifications.client.cookies.clear()
    foreign = await notifications.client.post(
        "/session", headers=FORM | {"Origin": "https://evil.example"}, content=f"token={CORA}"
    )
    assert (foreign.status_code, COOKIE in foreign.headers.get("set-cookie", "")) == (401, False)


async def _sign_in(served: Served, token: str, next_page: str):  # type: ignore[no-untyped-def]
    return await served.client.post(
        "/session", headers=FORM | OURS, content=f"token={token}&next={next_page}"
    )
