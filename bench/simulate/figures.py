"""What a run of the simulator came to, as a table; what a case costs the server, by recorded histories.

The events of a workflow follow from what it did (counted); the bytes of each kind of event are the mean of the
histories recorded on a real server (tests/workflows/histories, as JSON, where payloads stand in base64).
"""

import json
from collections import Counter
from pathlib import Path

from bench.simulate.play import Played
from domain.extending import Kind

_HISTORIES = Path(__file__).parents[2] / "tests" / "workflows" / "histories"
_TASK = ("WORKFLOW_TASK_SCHEDULED", "WORKFLOW_TASK_STARTED", "WORKFLOW_TASK_COMPLETED")


def page(played: Played, seconds: float, processes: int) -> str:
    """The figures as a Markdown table."""
    counts, years = played.counts, played.years
    kinds = Counter(kind for kind, _ in played.faults)
    events = history_events(counts)
    size = sum(number * each for number, each in zip(events.values(), _sizes(events), strict=True))
    rows = [
        ("lives (cases)", f"{played.cases:,}"),
        ("case-years", f"{years:,.0f}"),
        ("seconds", f"{seconds:,.0f} on {processes} processes"),
        ("case-years a second", f"{years / seconds:,.0f}"),
        ("moments missed, early, late, doubled", _faults(kinds)),
        ("cases in work that owed nothing", f"{kinds['idle']}"),
        ("deadlines a case-year", f"{counts['deadlines'] / years:.1f}"),
        ("moments announced a case-year", f"{counts['moments said'] / years:.1f}"),
        ("moments passed over (outages), in all", f"{counts['moments passed over']:,}"),
        ("said to an owner in vain, a case-year", f"{counts['needless'] / years:.2f}"),
        ("extensions, pauses, early ends of pauses, waivers, in all", _more_time(counts)),
        ("steps refused by a rule, in all", f"{counts['refusals']:,}"),
        ("workflow events a case-year", f"{events.total() / years:.0f}"),
        ("workflow bytes a case-year (JSON)", f"{size / years / 1024:.0f} KiB"),
    ]
    return "\n".join(["| what | figure |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)])


def history_events(counts: Counter[str]) -> Counter[str]:
    """Every event that the server would keep: each signal and each timer that fires is one workflow task."""
    found = Counter(
        {
            "WORKFLOW_EXECUTION_STARTED": counts["runs"],
            "WORKFLOW_EXECUTION_SIGNALED": counts["signals"],
            "TIMER_STARTED": counts["armed"],
            "TIMER_FIRED": counts["fired"],
            "TIMER_CANCELED": counts["revoked"],
            "MARKER_RECORDED": counts["announcements"],
            "WORKFLOW_EXECUTION_COMPLETED": counts["ended"],
        }
    )
    found.update(dict.fromkeys(_TASK, counts["signals"] + counts["fired"]))
    return found


def _faults(kinds: Counter[str]) -> str:
    return ", ".join(str(kinds[kind]) for kind in ("missed", "early", "late", "doubled"))


def _more_time(counts: Counter[str]) -> str:
    kinds = (Kind.EXTENSION, Kind.PAUSE, "resumed", Kind.WAIVER)
    return ", ".join(f"{counts[kind]:,}" for kind in kinds)


def _sizes(events: Counter[str]) -> list[float]:
    kept: dict[str, list[int]] = {}
    for path in sorted(_HISTORIES.rglob("*.json")):
        for event in json.loads(path.read_text("utf-8"))["events"]:
            kind = event["eventType"].removeprefix("EVENT_TYPE_")
            kept.setdefault(kind, []).append(len(json.dumps(event, separators=(",", ":"))))
    return [sum(kept[kind]) / len(kept[kind]) for kind in events]
