"""The case file's own words: fields, codes and facts in the reader's language; what people wrote stays theirs."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from domain.statement import Language
from services.cases.web.wording import wording

_TABLE = Path(__file__).parent / "words" / "record.yaml"
_PLACE = {language: at for at, language in enumerate(Language)}
_INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$")
_DAY = re.compile(r"^\d{4}-\d\d-\d\d$")
_EVERY = re.compile(r"^(\d+) (day|week|month)s?$")
# Fields whose value was chosen from a list; every other value is words that somebody wrote.
_CHOSEN = frozenset(
    {
        "agreed_with", "area", "basis", "decision", "finding", "given_by", "ground",
        "how", "kind", "method", "need", "participants", "person", "purpose", "responsible",
        "risk", "source", "state", "status", "toward_whom", "who", "with", "with_whom",
    }
)  # fmt: skip
_NEEDED_IDS = frozenset(
    {"agency_id", "team_id", "caseworker_id", "supervisor_id", "person_id", "referrer_id",
     "responsible_id", "staff_id"}
)  # fmt: skip


class RecordWords:
    """A word that the table lacks is shown as it is recorded."""

    def __init__(
        self,
        language: Language,
        zone: str,
        found: Mapping[str, str] = MappingProxyType({}),
        agencies: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`found`: what `need-1` was, in the words of the assessment; `agencies`: their names by their codes."""
        self._at, self._zone, self._needs = _PLACE[language], zone, found
        self._agencies = agencies
        self._plain = wording(language)

    def say(self, key: str, **values: object) -> str:
        return _table()["words"][key][self._at].format(**values)

    def rhythm(self, every: str, until: str | None) -> str:
        """How often, as a plan has it: `2 weeks`, to a day or without end."""
        read = _EVERY.match(every)
        if read:
            count, unit = int(read[1]), read[2]
            form = next(least for least in (11, 3, 2, 1) if count >= least)
            every = self.say(f"every_{unit}_{form}", n=count)
        if until is None:
            return every
        return self.say("rhythm_until", every=every, until=self.shown("until", until))

    def label(self, key: str) -> str:
        plain = key.removesuffix("_id").removesuffix("_at").replace("_", " ")
        return self._found("labels", key) or plain.capitalize()

    def code(self, value: str) -> str:
        return self._found("codes", value) or value.replace("-", " ")

    def heading(self, kind: str) -> str:
        said = self.code(kind)
        return said[:1].upper() + said[1:]

    def fact(self, name: str) -> str:
        plain = name.replace(".", " ").replace("-", " ")
        return self._found("facts", name) or plain.capitalize()

    def moment(self, at: datetime) -> str:
        return self._plain.moment(at, self._zone)

    def shown(self, key: str, value: object) -> str:
        """A leaf of the record as people read it: instants in the agency's zone, codes in words."""
        if key in ("answers", "gender") or key.endswith("agency_id"):
            return self._called(key, str(value))
        if isinstance(value, str) and _INSTANT.match(value):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, str) and _DAY.match(value):
            return self._plain.date(date.fromisoformat(value))
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return self.code(value) if isinstance(value, str) and key in _CHOSEN else str(value)

    def said(self, key: str, value: object) -> str:
        """A value of the chronology: a code whatever its field, but whoever did it, as no words stand there."""
        if key.endswith("_by"):
            return str(value)
        if key.endswith("agency_id"):
            return self.shown(key, value)
        if isinstance(value, str) and not _INSTANT.match(value) and not _DAY.match(value):
            return self.code(value)
        return self.shown(key, value)

    def _called(self, key: str, plain: str) -> str:
        """What a need was, how an agency is called; a gender is told in words, and often in one of a few."""
        if key == "gender":
            return self._found("codes", plain) or plain
        return (self._needs if key == "answers" else self._agencies).get(plain, plain)

    def _found(self, part: str, key: str) -> str | None:
        row = _table()[part].get(key)
        return row[self._at] if row else None


def told(content: Any) -> list[tuple[str, Any]]:
    """The fields of a mapping that say something: nothing empty, and no id that only a program needs."""
    return [
        (key, each)
        for key, each in content.items()
        if each is not None
        and each not in ("", [], {})
        and key != "id"
        and (not key.endswith("_id") or key in _NEEDED_IDS)
    ]


def is_chosen(key: str) -> bool:
    return key in _CHOSEN


def is_short(content: Any) -> bool:
    """A mapping of a few single values, which reads better in one line."""
    fields = [each for _, each in told(content)]
    return not any(isinstance(each, dict | list) for each in fields)


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = yaml.safe_load(_TABLE.read_text("utf-8"))
    return found
