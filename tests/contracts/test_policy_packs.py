"""A pack is read strictly: every fault names its line and what is allowed, all of them at once."""

import json
from importlib.metadata import version
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from yaml import safe_load

from contracts.policies.schema import SCHEMA_FILE, PackFile, Step, schema_text
from domain.errors import Malformed
from domain.policy import Limit, Reminder
from domain.vocabulary import Risk, Role
from infrastructure.policy_packs import PolicyPacks, PolicyRefusedError, parse
from infrastructure.work_calendars import frozen

A_PACK = """\
pack: county
version: 3
title: A county's practice
calendar: {zone: Europe/Berlin, weekend: [saturday, sunday], holidays: none, source: ours}
criteria:
  neglect: {title: Needs unmet, presumed_risk: medium, source: ours}
ladders:
  short:
    rungs:
      - {role: supervisor, after: 0 hours}
    source: ours
steps:
  initial-assessment:
    title: Initial assessment
    owner: cases
    subject: case
    anchors: [case.registered]
    met_by: [initial-assessment.recorded]
    responsible: caseworker
    within: {imminent: 24 hours, high: 24 hours, medium: 48 hours, low: 48 hours, unknown: 48 hours}
    reminders: [half, 4 hours before]
    ladder: short
    source: ours
"""
LIMITS = "allowed: N hours | N days | N weeks | N months | N working days | as agreed"
KEYS, STEP_KEYS = (", ".join(table.model_fields) for table in (PackFile, Step))
REMINDERS = "allowed: half | N hours before | N days before | N weeks before"


def refusal(old: str, new: str) -> str:
    assert old in A_PACK
    with pytest.raises(PolicyRefusedError) as refused:
        parse("x.yaml", A_PACK.replace(old, new, 1))
    return str(refused.value)


def test_pack_becomes_the_practice() -> None:
    pack = parse("x.yaml", A_PACK)
    step = pack.step("initial-assessment")
    assert pack.id == "county@3"
    assert step.limit(Risk.HIGH) == Limit.parse("24 hours")
    assert step.reminders == (Reminder.parse("half"), Reminder.parse("4 hours before"))
    assert step.ladder[0].role is Role.SUPERVISOR
    assert pack.criteria["neglect"].presumed_risk is Risk.MEDIUM


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (  # a unit that is none
            "24 hours, high",
            "5 fortnights, high",
            f"x.yaml:20: steps.initial-assessment.within.imminent: '5 fortnights' is not a limit; {LIMITS}",
        ),
        (  # a limit for every risk alike, in a wrong unit
            "{imminent: 24 hours, high: 24 hours, medium: 48 hours, low: 48 hours, unknown: 48 hours}",
            "5 fortnights",
            f"x.yaml:20: steps.initial-assessment.within: '5 fortnights' is not a limit; {LIMITS}",
        ),
        (  # a reminder in a wrong unit
            "4 hours before",
            "4 moons before",
            f"x.yaml:21: steps.initial-assessment.reminders.1: '4 moons before' is not a reminder; {REMINDERS}",
        ),
        (  # a rung has no date that people agree on
            "after: 0 hours",
            "after: as agreed",
            "x.yaml:10: ladders.short.rungs.0.after: "
            "'as agreed' stands only for the time within which a step is due",
        ),
        (  # an unknown key
            "    reminders: [half",
            "    remind: [half",
            f"x.yaml:21: steps.initial-assessment.remind: not a key here; allowed: {STEP_KEYS}",
        ),
        (  # an unknown key at the top
            "title: A county",
            "colour: A county",
            f"x.yaml:3: colour: not a key here; allowed: {KEYS}\nx.yaml:1: title: is needed",
        ),
        (  # a key twice
            "    owner: cases\n",
            "    owner: cases\n    owner: reviews\n",
            "x.yaml:16: steps.initial-assessment.owner: this key stands twice; first at line 15",
        ),
        (  # a word that is not in the vocabulary
            "presumed_risk: medium",
            "presumed_risk: scary",
            "x.yaml:6: criteria.neglect.presumed_risk: 'scary' is not known; "
            "allowed: unknown, low, medium, high, imminent",
        ),
        (  # a ladder that is not in the pack
            "ladder: short",
            "ladder: long",
            "x.yaml:22: steps.initial-assessment.ladder: 'long' is not known; allowed: short",
        ),
        (  # a pause without its limit
            "    ladder: short\n    source: ours\n",
            "    ladder: short\n    may_pause: true\n    source: ours\n",
            "x.yaml:23: steps.initial-assessment.may_pause: may_pause: true and pause_limit stand together, "
            "or neither does",
        ),
        (  # a limit of a pause that is not allowed
            "    ladder: short\n    source: ours\n",
            "    ladder: short\n    pause_limit: 1 weeks\n    source: ours\n",
            "x.yaml:23: steps.initial-assessment.pause_limit: may_pause: true and pause_limit stand together, "
            "or neither does",
        ),
        (  # a risk left out
            ", unknown: 48 hours",
            "",
            "x.yaml:20: steps.initial-assessment.within.unknown: is needed",
        ),
        (  # a figure without its source
            "    ladder: short\n    source: ours\n",
            "    ladder: short\n",
            "x.yaml:13: steps.initial-assessment.source: is needed",
        ),
        (  # a zone of no place
            "Europe/Berlin",
            "Mars/Base",
            "x.yaml:4: calendar.zone: 'Mars/Base' is not an IANA time zone, such as Africa/Kampala",
        ),
        (  # a country that is none
            "holidays: none",
            "holidays: XX",
            "x.yaml:4: calendar.holidays: 'XX' is neither `none` nor a country, such as DE or DE-BE",
        ),
        (  # an alias
            "criteria:\n  neglect:",
            "criteria: &all\n  other: *all\n  neglect:",
            "x.yaml:6: criteria.other: an alias; write the value out",
        ),
    ],
)
def test_each_fault_is_named_by_line_and_what_is_allowed(old: str, new: str, sentence: str) -> None:
    said = refusal(old, new).splitlines()
    assert set(sentence.splitlines()) <= set(said)


def test_all_faults_are_said_at_once_in_the_order_of_their_lines() -> None:
    broken = A_PACK.replace("medium, source", "scary, source").replace("[half,", "[never,")
    with pytest.raises(PolicyRefusedError) as refused:
        parse("x.yaml", broken.replace("ladder: short", "ladder: short\n    why: not"))
    assert [line.split(":")[1] for line in str(refused.value).splitlines()] == ["6", "21", "23"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "x.yaml:1: the file is empty"),
        ("pack: [", "x.yaml:1: not YAML"),
        ("- pack", "x.yaml:1: a table of keys and values is needed"),
        ("pack: a\n\tb: c", "x.yaml:2: not YAML"),
    ],
)
def test_what_is_no_pack_at_all_is_said_so(content: str, sentence: str) -> None:
    with pytest.raises(PolicyRefusedError) as refused:
        parse("x.yaml", content)
    assert str(refused.value).startswith(sentence)


def test_public_holidays_of_a_country_are_no_working_days_and_their_release_is_named() -> None:
    calendar = parse("x.yaml", A_PACK.replace("holidays: none", "holidays: DE-BE")).calendar
    days = {day.isoformat() for day in calendar.holidays}
    assert {"2026-03-08", "2026-10-03"} <= days  # Women's Day is Berlin's own
    assert "holidays-" in calendar.version
    assert "tzdata-" in calendar.version


def test_shipped_pack_is_read_and_every_step_has_a_source() -> None:
    pack = PolicyPacks.load().get("default@1")
    assert pack.steps
    assert all(step.source for step in pack.steps.values())


def test_packs_of_a_folder_stand_beside_the_shipped_ones_and_the_latest_is_found(
    tmp_path: Path,
) -> None:
    (tmp_path / "county-3.yaml").write_text(A_PACK)
    (tmp_path / "county-4.yaml").write_text(A_PACK.replace("version: 3", "version: 4"))
    packs = PolicyPacks.load(tmp_path)
    assert packs.latest("county").version == 4
    assert packs.get("county@3").version == 3


def test_unknown_pack_names_those_there_are() -> None:
    with pytest.raises(Malformed) as unknown:
        PolicyPacks.load().get("default@99")
    assert unknown.value.field == "policy"
    assert "default@1" in (unknown.value.allowed or ())
    with pytest.raises(Malformed):
        PolicyPacks.load().latest("county")


def test_two_files_cannot_hold_one_pack(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(A_PACK)
    with pytest.raises(PolicyRefusedError, match="county@3 is already the name"):
        PolicyPacks.load(tmp_path)


def test_folder_without_packs_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyRefusedError, match="no policy pack"):
        PolicyPacks.load(tmp_path)


def test_committed_schema_is_the_generated_one_and_accepts_the_shipped_packs() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text()
    packs = sorted(SCHEMA_FILE.parent.glob("*.yaml"))
    assert len(packs) > 2
    for shipped in packs:
        Draft202012Validator(json.loads(schema_text())).validate(
            safe_load(shipped.read_text("utf-8"))
        )


@pytest.mark.parametrize(
    "path", sorted(SCHEMA_FILE.parent.glob("holidays/*.json")), ids=lambda p: p.stem
)
def test_committed_holidays_are_what_their_release_of_the_library_computes(path: Path) -> None:
    table = json.loads(path.read_text("utf-8"))
    assert table["release"] == f"holidays-{version('holidays')}", (
        "a new release: look what it moves"
    )
    assert path.read_text("utf-8") == frozen(path.stem)
