"""One HSDS service read as an offer: for which need, where, for whom. Source: HSDS 3.0, docs/directory.md."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from domain import hsds_words as words
from domain.errors import Malformed
from domain.hsds_fields import Fields, Remark
from domain.hsds_hours import opening
from domain.hsds_parts import channel, own_id, place
from domain.listing import LONGEST_NAME, LONGEST_TEXT, LONGEST_WAIT, OLDEST, Place
from domain.offers import EXAMPLE_LANGUAGES, language_tag

_CODE = re.compile(r"^[a-z0-9][a-z0-9._-]{0,63}$")
_WAIT = re.compile(r"^(\d{1,4}) (day|week)s?$")
_DAYS_OF = {"day": 1, "week": 7}
MOST_PLACES = 100_000
_FIGURES = 9  # more than the most places need, and no number of thousands of figures
_OF_ITS_OWN = (
    "id",
    "link_id",
    "taxonomy_term_id",
    "link_entity",
    "service_id",
)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Which of our codes a foreign word means; `*` stands for all that are not named."""

    needs: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForeignWord:
    """A term or an area that nobody has said the meaning of, under the names by which it may be called."""

    kind: str
    called: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceRead:
    """`said` holds only the fields that the document speaks of; `need` and `areas` may be unknown."""

    path: str
    hsds_id: UUID
    organisation: UUID
    own_id: str | None
    said: Mapping[str, Any]
    gone: bool
    places: tuple[Place, ...]
    remarks: tuple[Remark, ...]
    unknown: tuple[ForeignWord, ...]


def read_service(fields: Fields, organisation: UUID, dictionary: Dictionary) -> ServiceRead:
    """Raises Unreadable."""
    hsds_id = fields.identity()
    said: dict[str, Any] = {"title": fields.needed("name", LONGEST_NAME)}
    status = fields.value("status")
    if status not in words.STATUSES:
        raise fields.refuse("status", "Not a status of a service.", words.STATUSES)
    if status not in words.GONE:
        said["paused"] = status == words.RESTING
    for name, ours in (("description", "description"), ("eligibility_description", "eligibility")):
        found = fields.text(name, LONGEST_TEXT)
        if fields.speaks_of(name, found):
            said[ours] = found
    said.update(channel(fields, url="url"))
    said.update(_ages(fields))
    said.update(_waiting(fields))
    unknown: list[ForeignWord] = []
    terms = _terms(fields, hsds_id, dictionary, unknown)
    own = terms.pop(words.OFFER_ID, None)
    said.update(terms)
    if areas := _areas(fields, dictionary, unknown):
        said["areas"] = areas
    said.update(_languages(fields))
    if (hours := opening(fields)) is not None:
        said["opening"] = hours
    places = _places(fields)
    if places or fields.value("service_at_locations") == []:
        said["places"] = tuple(each.hsds_id for each in places)
    return ServiceRead(
        fields.path, hsds_id, organisation, own, said, status in words.GONE, places,
        fields.all_remarks(), tuple(unknown),
    )  # fmt: skip


def _ages(fields: Fields) -> dict[str, int | None]:
    youngest, oldest = fields.whole("minimum_age", OLDEST), fields.whole("maximum_age", OLDEST)
    if youngest is not None and oldest is not None and oldest < youngest:
        fields.remark("maximum_age", "The oldest is younger than the youngest; both were left out.")
        return {}
    said = {"minimum_age": ("youngest", youngest), "maximum_age": ("oldest", oldest)}
    return {ours: age for name, (ours, age) in said.items() if fields.speaks_of(name, age)}


def _waiting(fields: Fields) -> dict[str, int | None]:
    said = fields.text("wait_time", LONGEST_NAME)
    if said is None:
        return {"waiting_days": None} if fields.speaks_of("wait_time", None) else {}
    found = _WAIT.match(said)
    days = int(found[1]) * _DAYS_OF[found[2]] if found else None
    if days is None or days > LONGEST_WAIT:
        fields.remark("wait_time", "Not a wait that can be counted.", ("14 days", "3 weeks"))
        return {}
    return {"waiting_days": days}


def _terms(
    fields: Fields, hsds_id: UUID, dictionary: Dictionary, unknown: list[ForeignWord]
) -> dict[str, Any]:
    """The need (the first that is understood), our own words, and what nobody has said the meaning of."""
    needs: list[str] = [dictionary.needs[str(hsds_id)]] if str(hsds_id) in dictionary.needs else []
    said: dict[str, Any] = {}
    for attribute in fields.objects("attributes"):
        word, value = attribute.value("link_type"), attribute.value("value")
        attribute.pass_over(*_OF_ITS_OWN)
        term = attribute.inner("taxonomy_term")
        if word == words.OFFER_ID and own_id(value):
            said[words.OFFER_ID] = value
        elif (
            word == words.CAPACITY
            and isinstance(value, str)
            and value.isascii()
            and value.isdigit()
        ):
            said["capacity"] = min(int(value[:_FIGURES]), MOST_PLACES)
        elif term is not None:
            needs.extend(_meant(attribute, term, dictionary, unknown, bool(needs)))
        fields.take_over(attribute)
    if not needs and words.EVERYTHING_ELSE in dictionary.needs:
        needs.append(dictionary.needs[words.EVERYTHING_ELSE])
    return {**said, "need": needs[0]} if needs else said


def _meant(
    attribute: Fields, term: Fields, dictionary: Dictionary, unknown: list[ForeignWord], known: bool
) -> Iterator[str]:
    code = str(term.value("code") or "")
    called = tuple(_names(term, code))
    need = next((dictionary.needs[name] for name in called if name in dictionary.needs), None)
    if need is None and term.value("taxonomy") == words.NEEDS and _CODE.match(code):
        need = code
    if need is None:
        if words.EVERYTHING_ELSE not in dictionary.needs:
            unknown.append(ForeignWord("term", called))
            attribute.remark("taxonomy_term", "Nobody has said which need this term means.", called)
    elif known:
        attribute.remark("taxonomy_term", "An offer answers one need; the first one counts.")
    else:
        yield need


def _names(term: Fields, code: str) -> Iterator[str]:
    taxonomy = term.value("taxonomy")
    candidates = (
        term.value("id"), f"{taxonomy}/{code}" if taxonomy and code else None, code, term.value("term_uri"),
        term.value("name"),
    )  # fmt: skip
    yield from dict.fromkeys(each for each in candidates if isinstance(each, str) and each)


def _areas(fields: Fields, dictionary: Dictionary, unknown: list[ForeignWord]) -> tuple[str, ...]:
    found: list[str] = []
    for area in fields.objects("service_areas"):
        uri = str(area.value("uri") or "")
        called = tuple(
            dict.fromkeys(
                each
                for each in (area.value("id"), uri, area.value("extent"), area.value("name"))
                if isinstance(each, str) and each
            )
        )
        own = uri.removeprefix(words.AREA)
        code = next((dictionary.areas[name] for name in called if name in dictionary.areas), None)
        code = code or (own if own != uri and _CODE.match(own) else None)
        code = code or dictionary.areas.get(words.EVERYTHING_ELSE)
        area.pass_over("service_id", "extent_type")
        if code is None:
            unknown.append(ForeignWord("area", called))
            area.remark("name", "Nobody has said which of our areas this is.", called)
        else:
            found.append(code)
            area.pass_over("description")
        fields.take_over(area)
    if not found and words.EVERYTHING_ELSE in dictionary.areas:
        found.append(dictionary.areas[words.EVERYTHING_ELSE])
    return tuple(dict.fromkeys(found))


def _languages(fields: Fields) -> dict[str, tuple[str, ...]]:
    found: list[str] = []
    for language in fields.objects("languages"):
        language.pass_over("id", "service_id", "location_id", "phone_id", "name")
        code, note = language.value("code"), str(language.value("note") or "")
        own = note.removeprefix(words.TAG_NOTE) if note.startswith(words.TAG_NOTE) else ""
        if note and not own:
            language.remark("note", "A note on a language is not kept.")
        try:
            found.append(language_tag(own or str(code)))
        except Malformed as wrong:
            language.remark("code", wrong.detail, EXAMPLE_LANGUAGES)
        fields.take_over(language)
    said = fields.value("languages")
    return {"languages": tuple(dict.fromkeys(found))} if found or said == [] else {}


def _places(fields: Fields) -> tuple[Place, ...]:
    found: dict[UUID, Place] = {}
    for each in fields.objects("service_at_locations"):
        each.pass_over("id", "service_id", "location_id")
        location = each.inner("location")
        one = place(location) if location else None
        if location is not None:
            each.take_over(location)
        if one is not None:
            found.setdefault(one.hsds_id, one)
        fields.take_over(each)
    return tuple(found.values())
