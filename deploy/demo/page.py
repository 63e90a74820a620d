"""The picture of a story: every duty a bar from its anchor to its end, with what the clock brought on it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, select_autoescape

from deploy.demo.listener import Heard
from deploy.demo.run import Outcome

WIDTH, LEFT, ROW, TOP = 1240, 210, 22, 64
_MARKS = {
    "deadline.opened.v1": "opened",
    "deadline.reminded.v1": "reminded",
    "deadline.missed.v1": "missed",
    "deadline.escalated.v1": "escalated",
    "deadline.acknowledged.v1": "acknowledged",
}
_ENDS = {"deadline.met.v1", "deadline.cancelled.v1"}


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One duty; x in pixels. `end` says how it ended, `marks` what the clock brought."""

    y: int
    label: str
    left: float
    due: float
    right: float
    end: str
    title: str
    marks: tuple[Mark, ...]


def draw(outcome: Outcome, path: Path) -> Path:
    """Writes a page that needs nothing from any other host."""
    zone = ZoneInfo(outcome.story.zone)
    first = outcome.story.instants()[0] - timedelta(days=4)
    last = outcome.story.instants()[-1] + timedelta(days=8)

    def x(at: datetime) -> float:
        return round(LEFT + (at - first) / (last - first) * (WIDTH - LEFT - 20), 1)

    bars = _bars(outcome, x, zone)
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=select_autoescape()
    )
    text = pages.get_template("timeline.html").render(
        outcome=outcome,
        bars=bars,
        months=_months(first, last, x, zone),
        acts=[
            (x(at), f"{at.astimezone(zone):%d %b %Y %H:%M} {who}: {does}")
            for at, who, does in outcome.acts
        ],
        width=WIDTH,
        height=TOP + ROW * len(bars) + 20,
        local=lambda at: f"{at.astimezone(zone):%a %d %b %Y %H:%M}" if at else "-",
        top=TOP,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _bars(outcome: Outcome, x: Any, zone: ZoneInfo) -> list[Bar]:
    names = {identity: name.replace("_", " ") for name, identity in outcome.kept.items()}
    about: dict[str, list[Heard]] = {}
    for item in outcome.heard:
        if "deadline_id" in item.body and item.topic not in ("timekeeping", "notifications"):
            about.setdefault(item.body["deadline_id"], []).append(item)
    histories = sorted(about.values(), key=lambda history: history[0].time)
    return [_bar(number, history, names, x, zone) for number, history in enumerate(histories)]


def _bar(number: int, history: list[Heard], names: dict[str, str], x: Any, zone: ZoneInfo) -> Bar:
    begun = history[0]
    due = datetime.fromisoformat(begun.body["due_at"])
    ended = next((item for item in history if item.type in _ENDS), None)
    step = begun.body["step"].replace("-", " ")
    subject = (
        names.get(begun.body["subject_id"], "") if begun.body["subject_type"] != "case" else ""
    )
    end = "open"
    if ended:
        late = "met late" if ended.body.get("late") else "met"
        end = "cancelled" if ended.type == "deadline.cancelled.v1" else late
    marks = tuple(
        Mark(
            x(item.time),
            _MARKS[item.type],
            f"{item.time.astimezone(zone):%d %b %H:%M} {_MARKS[item.type]}",
        )
        for item in history
        if item.type in _MARKS
    )
    return Bar(
        y=TOP + ROW * number,
        label=subject
        if step in ("plan action", "follow up", "open question") and subject
        else step,
        left=x(datetime.fromisoformat(begun.body["anchored_at"])),
        due=x(due),
        right=x(ended.time if ended else due),
        end=end,
        title=f"{step} {subject}: due {due.astimezone(zone):%a %d %b %Y %H:%M}, {end}",
        marks=marks,
    )


def _months(first: datetime, last: datetime, x: Any, zone: ZoneInfo) -> list[tuple[float, str]]:
    found, at = [], first.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while at < last:
        if at >= first:
            found.append((x(at), f"{at:%b %Y}"))
        at = (at + timedelta(days=32)).replace(day=1)
    return found
