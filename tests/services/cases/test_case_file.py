"""A case file holds what its reader may see, is audited as an export, and prints in either direction."""

import sys
from urllib.parse import quote

import pytest

from tests.services.cases.conftest import (
    CARL,
    CLEO,
    CONCERNS,
    CORA,
    NAME,
    PIA,
    a_finding,
    a_registered_case,
    an_active_case,
    done,
)


async def test_file_holds_every_section_that_its_reader_sees(cases) -> None:
    ref, _ = await an_active_case(cases)
    mine = (await cases.get(CORA, f"/cases/{ref}/file.json")).json()
    view = (await cases.get(CORA, f"/cases/{ref}")).json()
    assert mine["case"] == view
    assert mine["feedback"] == {"items": []}
    assert len(mine["chronology"]["items"]) == 9
    teams = (await cases.get(CARL, f"/cases/{ref}/file.json")).json()
    assert "assessment" not in teams["case"]
    assert "feedback" not in teams
    page = (await cases.get(CARL, f"/cases/{ref}/file.html")).text
    assert NAME in page
    assert CONCERNS not in page
    assert "Her bond with her school" not in page


async def test_export_has_an_action_of_its_own_in_the_audit(cases) -> None:
    ref = await a_registered_case(cases)
    for path in ("file.json", "file.html"):
        await cases.get(CARL, f"/cases/{ref}/{path}")
        for who in (CLEO, PIA):
            assert (await cases.get(who, f"/cases/{ref}/{path}")).status_code == 404
    rows = await cases.rows("SELECT * FROM audit WHERE action = 'export-case-file'")
    told = {(row["staff_id"], row["section"], row["outcome"]) for row in rows}
    assert told == {
        *(("carl", each, "allowed") for each in ("deadlines", "identity", "plan", "reference")),
        ("cleo", None, "hidden"),
        ("pia", None, "hidden"),
    }


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
async def test_file_as_page_needs_nothing_from_elsewhere(cases, language, direction) -> None:
    ref, plan = await an_active_case(cases)
    track = plan["follow_ups"][0]["follow_up_id"]
    finding = a_finding(cases, note="<script>alert(1)</script> رسمت بيتًا")
    await done(cases, CORA, f"/cases/{ref}/follow-ups/{track}/records", finding)
    answer = await cases.get(CORA, f"/cases/{ref}/file.html?language={language}")
    assert answer.status_code == 200
    assert f'lang="{language}" dir="{direction}"' in answer.text
    assert "رسمت بيتًا" in answer.text
    for elsewhere in ("<script", "http://", "https://", "src=", "@import", "url("):
        assert elsewhere not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert (await cases.get(CORA, f"/cases/{ref}/file.html?language=xx")).status_code == 422


async def test_file_is_written_as_pdf(cases) -> None:
    pytest.importorskip("weasyprint", exc_type=OSError)
    ref, _ = await an_active_case(cases)
    answer = await cases.get(CORA, f"/cases/{ref}/file.pdf?language=ar")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


async def test_missing_library_is_said_plainly(cases, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    ref = await a_registered_case(cases)
    answer = await cases.get(CORA, f"/cases/{ref}/file.pdf")
    assert (answer.status_code, answer.json()["code"]) == (501, "pdf-not-available")
    assert "Pango" in answer.json()["detail"]


async def test_chronology_page_says_when_it_was_known(cases) -> None:
    ref, plan = await an_active_case(cases)
    track = plan["follow_ups"][0]["follow_up_id"]
    happened = cases.clock.at.isoformat()
    cases.clock.forward(days=2)
    finding = a_finding(cases, occurred_at=happened)
    await done(cases, CORA, f"/cases/{ref}/follow-ups/{track}/records", finding)
    page = (await cases.get(CORA, f"/cases/{ref}/chronology.html")).text
    assert "Written down later" in page
    assert "13 March 2027, 09:00" in page
    teams = (await cases.get(CARL, f"/cases/{ref}/chronology.html")).text
    assert "Follow-up recorded" in page
    assert "Follow-up recorded" not in teams
    assert (await cases.get(CLEO, f"/cases/{ref}/chronology.html")).status_code == 404


async def test_page_says_codes_in_words_and_each_duty_by_what_it_is_about(cases) -> None:
    ref, _ = await an_active_case(cases)
    page = (await cases.get(CORA, f"/cases/{ref}/file.html")).text
    _, duties = page.split('<h2 id="deadlines">')
    assert "Meeting with the school" in duties.split('<h2 id="chronology">')[0]
    for code in ("need-1", "met-late", "childs_views", "comprehensive-assessment</h3>"):
        assert code not in page.split("</style>")[1]
    french = (await cases.get(CORA, f"/cases/{ref}/file.html?language=fr")).text
    for said in ("Évaluation approfondie", "Intérêt supérieur", "Plan, version 1", "Plan convenu"):
        assert said in french


async def test_page_shows_the_case_as_it_stood(cases) -> None:
    ref = await a_registered_case(cases)
    before = quote(cases.clock.at.isoformat())
    cases.clock.forward(hours=2)
    raised = {"risk": "imminent", "reason": "A threat was made"}
    await done(cases, CORA, f"/cases/{ref}/risk", raised)
    stood = (await cases.get(CORA, f"/cases/{ref}/file.html?as_of={before}")).text
    assert "The case as it stood on" in stood
    assert "A threat was made" not in stood
    assert "Risk changed" not in stood
    now = (await cases.get(CORA, f"/cases/{ref}/file.html")).text
    assert "A threat was made" in now


async def test_browser_without_a_session_is_led_to_sign_in(cases) -> None:
    ref = await a_registered_case(cases)
    answer = await cases.get("", f"/cases/{ref}/file.html")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/session?next=/cases/{ref}/file.html"
