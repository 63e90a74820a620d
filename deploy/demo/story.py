"""A story as a readable file: people, what each does and when, and what the clock must bring.

Times are local to the story's zone, written `2026-03-02 08:30`; read, they are UTC.
How to write one: docs/stories.md.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

STORIES = Path(__file__).parent / "stories"
_TIMES = ("at", "due", "begins")
_LOCAL = re.compile(r"\{local ([0-9: -]+)\}")
_NAME = re.compile(r"\{([a-z_0-9]+)\}")
_EVERY = re.compile(r"(\d+) (minutes|hours|days|weeks)")
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
    """Something a person does at a moment through a service's API; exactly one of post, put and get."""

    at: datetime
    who: str
    does: str
    find: Find | None = None
    post: str | None = None  # "cases /intakes"; {name} stands for something kept earlier
    put: str | None = None
    get: str | None = None
    body: dict[str, Any] = Field(default_factory=dict)
    keep: dict[str, str] = Field(default_factory=dict)  # name -> path in the answer
    expect: dict[str, Any] = Field(default_factory=dict)  # path in the answer -> what stands there
    refused: str | None = None  # the code of the refusal that must come

    @model_validator(mode="after")
    def _asks_once(self) -> Self:
        if len([way for way in (self.post, self.put, self.get) if way]) != 1:
            raise ValueError(f"{self.does!r}: give one of post, put and get")
        return self

    @property
    def asks(self) -> tuple[str, str]:
        """The method, and `service /path`."""
        ways = {"POST": self.post, "PUT": self.put, "GET": self.get}
        return next((method, where) for method, where in ways.items() if where)

    def names(self) -> set[str]:
        """What it takes from earlier answers."""
        find = self.find.model_dump() if self.find else {}
        said = str([self.asks, self.body, self.expect, find])
        return set(_NAME.findall(said))


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
    ends: Literal["met", "met-late", "cancelled", "open"]


class Story(_Part):
    """The whole file. `about` and `post` use names that earlier acts keep."""

    story: str
    title: str
    zone: str
    begins: datetime
    secrets: tuple[str, ...]  # words that must not leave the records
    cast: dict[str, Cast]
    agencies: dict[str, dict[str, Any]]
    stage: tuple[Request, ...] = ()
    acts: tuple[Act, ...]
    clock: tuple[Bring, ...]
    owed: tuple[Owed, ...]
    facts: tuple[str, ...]  # event types that must have been announced, in this order

    @model_validator(mode="after")
    def _can_be_played(self) -> Self:
        """Everybody is in the cast, acts follow each other, and nothing is named that no answer gave."""
        kept: set[str] = set()
        at = self.begins
        for act in self.acts:
            if act.who not in self.cast:
                raise ValueError(f"{act.does!r}: {act.who!r} is not in the cast")
            if act.at < at:
                raise ValueError(f"{act.does!r} comes before what stands above it")
            at = act.at
            kept |= {act.find.keep} if act.find else set()
            if missing := act.names() - kept:
                raise ValueError(f"{act.does!r}: no answer above gives {sorted(missing)}")
            kept |= act.keep.keys()
        promised: list[Bring | Owed] = [*self.clock, *self.owed]
        for expected in promised:
            if expected.about and expected.about not in kept:
                raise ValueError(f"{expected.step}: no answer gives {expected.about!r}")
        return self

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
        for part in ("acts", "clock", "owed"):
            raw[part] = [each for item in raw.get(part, ()) for each in _repeated(item)]
        return Story.model_validate(_with_instants(raw, zone))
    except OSError as wrong:
        names = ", ".join(shipped())
        raise StoryRefused(f"{path}: {wrong.strerror}. Shipped stories: {names}.") from wrong
    except yaml.YAMLError as wrong:
        raise StoryRefused(f"{path}: {wrong}") from wrong
    except (ValidationError, KeyError, TypeError, ValueError) as wrong:
        raise StoryRefused(f"{path}: {wrong}") from wrong


def shipped() -> list[str]:
    """The names of the stories that come with the platform."""
    return sorted(path.stem for path in STORIES.glob("*.yaml"))


def _repeated(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """`times: 20, every: 15 minutes` stands for twenty of them, `{n}` for the number of each."""
    times, every = item.pop("times", 1), item.pop("every", None)
    found = _EVERY.fullmatch(every) if every else None
    if every and not found:
        raise ValueError(f"every: {every!r} is not `15 minutes`, hours, days or weeks")
    step = timedelta(**{found[2]: int(found[1])}) if found else timedelta()
    for number in range(times):
        copy = _numbered(item, number + 1) if times > 1 else dict(item)
        for key in (key for key in _TIMES if key in copy):
            copy[key] = _local(copy[key]) + number * step
        yield copy


def _numbered(value: Any, number: int) -> Any:
    if isinstance(value, str):
        return value.replace("{n}", str(number))
    if isinstance(value, list):
        return [_numbered(each, number) for each in value]
    if isinstance(value, dict):
        return {_numbered(key, number): _numbered(each, number) for key, each in value.items()}
    return value


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
    return _local(value).replace(tzinfo=zone).astimezone(UTC)


def _local(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
