"""throughline policy: packs checked, shown, compared and tried on facts, as somebody at a terminal sees it."""

import ast
import re
from pathlib import Path

import httpx2
import pytest
import yaml
from typer.testing import CliRunner

from deploy.cli import app
from deploy.policy import example_facts, exporting, reference_page
from deploy.policy.checking import known_facts
from deploy.policy.errors import PolicyCommandError
from deploy.policy.facts_file import written
from domain.vocabulary import Risk
from infrastructure.policy_packs import PolicyPacks

ROOT = Path(__file__).parents[2]
PACKS = sorted((ROOT / "contracts" / "policies").glob("*.yaml"))
EXAMPLE = ROOT / "docs" / "examples" / "past-facts.jsonl"
FACTS = """\
{"case": "one", "fact": "case.registered", "at": "2027-04-30T15:00:00+01:00", "risk": "high"}
{"case": "one", "fact": "initial-assessment.recorded", "at": "2027-05-02T15:00:00+01:00"}
"""


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")

    def run_policy(*arguments: object):
        return CliRunner().invoke(app, ["policy", *map(str, arguments)], env={"COLUMNS": "300"})

    return run_policy


@pytest.fixture
def facts(tmp_path) -> Path:
    path = tmp_path / "facts.jsonl"
    path.write_text(FACTS)
    return path


def a_pack_file(folder: Path, **replaced: str) -> Path:
    content = PACKS[0].read_text()
    for old, new in replaced.items():
        assert old.replace("_", " ") in content or old in content
        content = content.replace(old, new, 1)
    path = folder / "ours.yaml"
    path.write_text(content)
    return path


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_every_shipped_pack_passes_the_check_without_a_remark(run, path: Path) -> None:
    ended = run("check", path)
    assert ended.exit_code == 0
    assert ended.output.count("\n") == 1
    assert "steps" in ended.output


def test_check_names_file_line_and_what_is_allowed(run, tmp_path) -> None:
    path = a_pack_file(tmp_path)
    lines = path.read_text().splitlines()
    at = next(number for number, line in enumerate(lines) if "within: 14 days" in line)
    lines[at] = lines[at].replace("14 days", "5 fortnights")
    path.write_text("\n".join(lines))
    ended = run("check", path, PACKS[0])
    assert ended.exit_code == 1
    assert f"{path}:{at + 1}: " in ended.output
    assert "'5 fortnights' is not a limit; allowed: N hours | N days" in ended.output
    assert f"{PACKS[0]}: default@1" in ended.output


def test_check_refuses_an_anchor_that_nothing_says_and_names_those_there_are(run, tmp_path) -> None:
    path = a_pack_file(tmp_path, **{"[case.registered, case.reopened]": "[case.registred]"})
    lines = path.read_text().splitlines()
    at = next(number for number, line in enumerate(lines, 1) if "[case.registred]" in line)
    ended = run("check", path)
    assert ended.exit_code == 1
    (told,) = [line for line in ended.output.splitlines() if "case.registred" in line]
    assert told.startswith(f"{path}:{at}: steps.initial-assessment.anchors")
    assert "nothing is known to say 'case.registred', so it would never set the duty" in told
    allowed = told.partition("allowed: ")[2].split(", ")
    assert allowed[0] == "case.registered"
    assert {"case.identified", "review.held", "planning-meeting.held"} <= set(allowed)
    assert len(allowed) == len(set(allowed))


def test_check_warns_of_an_end_that_nothing_says(run, tmp_path) -> None:
    content = PACKS[0].read_text().replace("[case.registered, intake.joined]", "[case.registred]")
    path = tmp_path / "ours.yaml"
    path.write_text(content)
    ended = run("check", path)
    assert ended.exit_code == 0
    assert "nothing is known to say 'case.registred'; did you mean case.registered?" in ended.output
    assert "warning: " in ended.output
    assert "steps, 3 warnings\n" in ended.output


def test_check_warns_of_facts_that_set_or_meet_nothing_unlike_in_the_default_pack(
    run, tmp_path
) -> None:
    content = PACKS[0].read_text()
    content = content.replace("[look-back.recorded, look-back.unanswered]", "[look-back.recorded]")
    path = tmp_path / "ours.yaml"
    path.write_text(content.replace("look-back.unanswered, ", ""))
    ended = run("check", path)
    assert ended.exit_code == 0
    assert "steps, 2 warnings\n" in ended.output
    for told in (
        "steps.look-back.met_by: 'look-back.unanswered' leaves it open, unlike in the default pack",
        "steps.archive.anchors: nobody will owe anything after 'look-back.unanswered', unlike in the default pack",
    ):
        assert told in ended.output


def test_every_plain_fact_that_the_cases_service_notes_may_be_an_anchor() -> None:
    said = {
        call.args[2].value
        for path in (ROOT / "services" / "cases").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "happened"
        if len(call.args) > 2 and isinstance(call.args[2], ast.Constant)
    }
    assert len(said) > 10
    assert said <= set(known_facts(PolicyPacks.load().latest("default")))


def test_example_of_the_page_on_packs_passes_the_check(run, tmp_path) -> None:
    page = (ROOT / "docs" / "policy-packs.md").read_text()
    (example,) = [yaml.safe_load(each) for each in re.findall(r"```yaml\n(.*?)```", page, re.S)]
    whole = yaml.safe_load((ROOT / "contracts/policies/working-days.yaml").read_text())
    for table in ("rhythms", "periods", "steps"):
        for key, changed in example.pop(table).items():
            whole[table][key] |= changed
    path = tmp_path / "riverside.yaml"
    path.write_text(yaml.safe_dump(whole | example, sort_keys=False))
    ended = run("check", path)
    assert (ended.exit_code, ended.output.count("\n")) == (0, 1), ended.output


def test_check_warns_where_more_danger_gives_more_time(run, tmp_path) -> None:
    path = a_pack_file(
        tmp_path, **{"{imminent: 1 days, high: 1 weeks": "{imminent: 9 days, high: 1 weeks"}
    )
    said = run("check", path).output
    assert (
        "rhythms.follow-up.within: 9 days when the risk is imminent, but 1 week when it is high"
        in said
    )
    unlike = a_pack_file(
        tmp_path, **{"imminent: 1 days, high: 1 weeks": "imminent: 9 working days, high: 1 weeks"}
    )
    assert "when the risk is imminent" not in run("check", unlike).output


def test_check_warns_of_a_time_by_risk_that_a_risk_that_rises_leaves_as_it_was(
    run, tmp_path
) -> None:
    by_risk = (
        "within: {imminent: 2 days, high: 4 days, medium: 14 days, low: 14 days, unknown: 14 days}"
    )
    path = a_pack_file(tmp_path, **{"within: 14 days\n    reminders": f"{by_risk}\n    reminders"})
    said = run("check", path).output
    assert "it is not reckoned anew when the risk changes; add moved_by: [risk.changed]" in said
    assert "1 warning\n" in said


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "count: 25",
            "count: many",
            "figures.caseload-warning.count: 'many' is not a whole number",
        ),
        ("count: 25", "count: -1", "'-1' is not allowed; greater than or equal to 0 is"),
        (
            "chair: true",
            "chair: perhaps",
            "quorums.review.chair: 'perhaps' is not `true` or `false`",
        ),
        (
            "[case.identified]",
            "[identified]",
            "'identified' is not a fact; allowed: two words with a dot",
        ),
        (
            "within: 4 weeks",
            "within: [4 weeks]",
            "periods.settling.within: a single value is needed",
        ),
        (
            "ladder: standard",
            "ladder: Our Ladder",
            "'Our Ladder' is not a key; allowed: small letters",
        ),
        (
            "holidays: none",
            "holidays: none\n  closed: [Christmas]",
            "'Christmas' is not a day; allowed: year-",
        ),
    ],
)
def test_check_says_what_may_stand_there_in_plain_words(run, tmp_path, old, new, sentence) -> None:
    ended = run("check", a_pack_file(tmp_path, **{old: new}))
    assert ended.exit_code == 1
    assert sentence in ended.output
    assert "checked once they are mended" in ended.output


def test_check_refuses_a_pack_without_a_length_that_the_services_ask_for(run, tmp_path) -> None:
    ended = run("check", a_pack_file(tmp_path, **{"  settling:\n": "  setling:\n"}))
    assert ended.exit_code == 1
    assert "'settling' is needed, as the services ask for it" in ended.output


def test_check_of_a_file_that_is_not_there_says_so(run, tmp_path) -> None:
    ended = run("check", tmp_path / "none.yaml")
    assert ended.exit_code == 1
    assert "none.yaml: it cannot be read: No such file or directory" in ended.output
    coded = tmp_path / "coded.yaml"
    coded.write_bytes(b"pack: caf\xe9")
    assert "it cannot be read: save it as UTF-8" in run("check", coded).output


def test_show_reads_as_the_practice_and_writes_a_page(run, tmp_path) -> None:
    shown = run("show", "humanitarian")
    assert shown.exit_code == 0
    assert "The caseworker does this within 12 hours when the risk is imminent" in shown.output
    page = tmp_path / "practice.html"
    assert run("show", "working-days@1", "--html", page).exit_code == 0
    text = page.read_text()
    assert "within 1 working day when the risk is high" in text
    assert "Source: our example" in text
    assert "<script" not in text


def test_pack_that_is_not_there_names_those_that_are(run) -> None:
    ended = run("show", "county")
    assert ended.exit_code == 1
    assert "choose from default@1, humanitarian@1, working-days@1" in ended.output


def test_diff_says_what_gets_shorter_and_longer(run, tmp_path) -> None:
    said = run("diff", "default", "humanitarian").output
    assert "Due within 7 days instead of within 14 days: shorter by 7 days." in said
    assert "Every 1 day instead of every 1 week when the risk is high: more often." in said
    longer = run("diff", "default", "working-days").output
    assert (
        "Due within 1 working day instead of within 24 hours when the risk is high: longer"
        in longer
    )
    assert "nothing changes" in run("diff", "default", "default@1").output
    page = tmp_path / "diff.html"
    assert run("diff", "default", PACKS[-1], "--html", page).exit_code == 0
    assert "longer by up to 4 days" in page.read_text()


def test_try_reports_the_one_duty_that_a_weekend_with_a_holiday_saves(run, facts, tmp_path) -> None:
    """Friday to Sunday is 48 hours: late within 24, in time by the next working day, a Tuesday."""
    page = tmp_path / "trial.html"
    ended = run("try", "working-days", "--facts", facts, "--changes", "--html", page)
    assert ended.exit_code == 0, ended.output
    assert "2 past facts of 1 case tried under working-days@1 instead of default@1." in ended.output
    assert "Missed: 1 were, 0 would have been (0 newly, 1 no longer)." in ended.output
    (row,) = [line for line in ended.output.splitlines() if "2027-05-04 15:00" in line]
    assert row.split() == [
        *("one", "initial-assessment", "high"),
        *("2027-05-01", "15:00", "2027-05-04", "15:00", "late", "in", "time"),
    ]
    text = page.read_text()
    assert "<svg" in text
    assert "2027-05-04 15:00" in text


def test_try_against_the_same_pack_changes_nothing(run) -> None:
    ended = run("try", "default", "--facts", EXAMPLE, "--against", "default@1")
    assert ended.exit_code == 0
    assert "0 would have been due earlier, 0 later" in ended.output
    assert "(0 newly, 0 no longer)" in ended.output


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", ":3: not a JSON object"),
        ('{"case": "a"}', ":3: fact: field required"),
        (
            FACTS.splitlines()[0][:-1] + ', "name": "Noor"}',
            ":3: name: not known; allowed: case, fact",
        ),
        (FACTS.splitlines()[0].replace("+01:00", ""), ":3: at: input should have timezone info"),
        (FACTS.splitlines()[0].replace("high", "dire"), ":3: risk: input should be 'unknown'"),
    ],
)
def test_line_that_is_no_fact_is_named(run, facts: Path, line: str, sentence: str) -> None:
    facts.write_text(f"{FACTS}{line}\n")
    ended = run("try", "default", "--facts", facts)
    assert ended.exit_code == 1
    assert f"{facts}{sentence}" in ended.output


def test_case_under_a_pack_that_is_not_here_is_named(run, facts: Path) -> None:
    facts.write_text(FACTS.replace('"risk"', '"policy": "county@3", "risk"'))
    ended = run("try", "default", "--facts", facts)
    assert ended.exit_code == 1
    assert "Case one was under county@3" in ended.output
    assert run("try", "default", "--facts", facts, "--against", "default").exit_code == 0


def test_facts_need_a_running_stack(run, tmp_path) -> None:
    ended = run("facts", "--data", tmp_path)
    assert ended.exit_code == 1
    assert "start one with `throughline up`" in ended.output


def test_committed_example_is_what_its_seed_draws() -> None:
    assert EXAMPLE.read_text() == written(example_facts.example_facts())


def test_page_on_policy_packs_is_what_the_schema_says(tmp_path, monkeypatch, capsys) -> None:
    assert reference_page.main(["--check"]) == 0
    monkeypatch.setattr(reference_page, "PAGE", tmp_path / "policy-packs.md")
    assert reference_page.main(["--check"]) == 1
    assert "run python -m deploy.policy.reference_page" in capsys.readouterr().err
    assert reference_page.main([]) == reference_page.main(["--check"]) == 0


def test_every_key_of_a_pack_is_explained() -> None:
    page = reference_page.page()
    found = dict(reference_page.tables())
    assert {"calendar", "criteria", "rhythms", "periods", "ladders", "rungs", "steps"} <= set(found)
    for table in found.values():
        for key in table.model_fields:
            assert f"| `{key}` |" in page


def test_referral_has_the_risk_that_stood_at_its_instant() -> None:
    lines = [
        {"case": "one", "fact": "case.registered", "at": "2027-03-01T08:00Z", "risk": "low"},
        {"case": "one", "fact": "risk.changed", "at": "2027-03-03T08:00Z", "risk": "high"},
        {"case": "one", "fact": "referral.requested", "at": "2027-03-02T08:00Z"},
        {"case": "one", "fact": "referral.accepted", "at": "2027-03-04T08:00Z"},
    ]
    given = [
        exporting.FactLine.model_validate(
            line | {"owner": "referrals" if line["fact"].startswith("referral") else "cases"}
        )
        for line in lines
    ]
    assert [line.risk for line in exporting.with_risks(given)] == [
        *(Risk.LOW, Risk.HIGH),
        *(Risk.LOW, Risk.HIGH),
    ]


def test_every_page_of_every_owner_is_asked_for_with_the_token() -> None:
    line = {
        "case": "one",
        "fact": "case.registered",
        "at": "2027-03-01T08:00:00Z",
        "owner": "cases",
    }
    asked = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(
            (request.url.host, request.url.params.get("cursor"), request.headers["Authorization"])
        )
        following = {"next_cursor": "7"} if asked[-1][:2] == ("cases", None) else {}
        return httpx2.Response(200, json={"items": [line]} | following)

    urls = {"cases": "http://cases", "reviews": "http://reviews"}
    found = exporting.exported(urls, "t", httpx2.MockTransport(answer))
    assert len(found) == 3
    assert asked == [
        (*each, "Bearer t") for each in (("cases", None), ("cases", "7"), ("reviews", None))
    ]


@pytest.mark.parametrize(
    "fault", [httpx2.Response(404, text="hidden"), httpx2.ConnectError("refused")]
)
def test_service_that_gives_no_facts_is_named_in_a_sentence(fault) -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        if isinstance(fault, Exception):
            raise fault
        return fault

    with pytest.raises(PolicyCommandError, match=r"cases: 404 hidden|cannot be asked: refused"):
        exporting.exported({"cases": "http://cases"}, "t", httpx2.MockTransport(answer))
