"""A story as a readable file: people, what each does and when, and what the clock must bring.

Times are local to the story's zone, written `2026-03-02 08:30`; read, they are UTC.
"""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

STORIES = Path(__file__).parent / "stories"
_TIMES = ("at", "due", "begins")
_LOCAL = re.compile(r"\{local ([0-9: -]+)\}")
Brings = Literal["opened", "reminded", "missed", "escalated"]


class StoryRefused(Exception):
    """The story file cannot be played; says where and why."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Cast(_Part):
    """Somebody who acts, with her own token."""

    name: str
    agency: str
    team: str | None = None
    roles: tuple[str, ...]
    email: str


class Request(_Part):
    """One request that sets the stage, made by the administrator."""

    put: str
    body: dict[str, Any]


class Find(_Part):
    """Something looked up first: the first item of a list whose fields are as in `where`."""

    see: str
    where: dict[str, str]
    field: str = "id"
    keep: str


class Act(_Part):
    """Something a person does at a moment through a service's API."""

    at: datetime
    who: str
    does: str
    find: Find | None = None
    post: str  # "cases /intakes"; {name} stands for something kept earlier
    body: dict[str, Any] = Field(default_factory=dict)
    keep: dict[str, str] = Field(default_factory=dict)  # name -> path in the answer
    refused: str | None = None  # the code of the refusal that must come


class Bring(_Part):
    """What the clock must bring: which announcement, about which step, at which moment."""

    at: datetime
    brings: Brings
    step: str
    about: str | None = None  # a kept id, where a step has several subjects


class Owed(_Part):
    """How a duty must have ended, for the table of planned against actual."""

    step: str
    about: str | None = None
    due: datetime
    ends: Literal["met", "met-late", "cancelled"]


class Story(_Part):
    """The whole file. `about` and `post` use names that earlier acts keep."""

    story: str
    title: str
    zone: str
    begins: datetime
    secrets: tuple[str, ...]  # words that must not leave the records
    cast: dict[str, Cast]
    agencies: dict[str, dict[str, Any]]
    stage: tuple[Request, ...]
    acts: tuple[Act, ...]
    clock: tuple[Bring, ...]
    owed: tuple[Owed, ...]
    facts: tuple[str, ...]  # event types that must have been announced, in this order

    def instants(self) -> list[datetime]:
        """Every moment that must be seen in order, UTC."""
        return sorted({act.at for act in self.acts} | {bring.at for bring in self.clock})


def read(name_or_path: str) -> Story:
    """Reads a shipped story by name or any by path; raises StoryRefused."""
    path = Path(name_or_path)
    if not path.suffix:
        path = STORIES / f"{name_or_path}.yaml"
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        zone = ZoneInfo(raw["zone"])
        return Story.model_validate(_with_instants(raw, zone))
    except OSError as wrong:
        shipped = ", ".join(sorted(item.stem for item in STORIES.glob("*.yaml")))
        raise StoryRefused(f"{path}: {wrong.strerror}. Shipped stories: {shipped}.") from wrong
    except yaml.YAMLError as wrong:
        raise StoryRefused(f"{path}: {wrong}") from wrong
    except (ValidationError, KeyError, TypeError, ValueError) as wrong:
        raise StoryRefused(f"{path}: {wrong}") from wrong


def _with_instants(raw: Any, zone: ZoneInfo, in_body: bool = False) -> Any:
    """Local times become UTC: under at, due and begins, and as {local 2026-03-02 08:30} in bodies."""
    if isinstance(raw, list):
        return [_with_instants(item, zone, in_body) for item in raw]
    if isinstance(raw, str):
        return _LOCAL.sub(lambda found: _instant(found[1], zone).isoformat(), raw)
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw.isoformat()
    if not isinstance(raw, dict):
        return raw
    read_on = {
        key: _with_instants(value, zone, in_body or key == "body") for key, value in raw.items()
    }
    times = {} if in_body else {key: _instant(raw[key], zone) for key in _TIMES if key in raw}
    return read_on | times


def _instant(value: Any, zone: ZoneInfo) -> datetime:
    local = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return local.replace(tzinfo=zone).astimezone(UTC)
