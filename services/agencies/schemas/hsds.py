"""Open Referral HSDS 3 documents on the way in and out, and the report of an import."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue, StringConstraints

from domain.hsds_taking import Outcome
from infrastructure.http import RequestBody
from services.agencies.schemas.offers import Places
from services.agencies.schemas.words import Code, Id, Zone

Word = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Meanings = Annotated[dict[Word, Code], Field(max_length=5_000)]


class HsdsImport(RequestBody):
    """One document: an organization, a service, a list of them, or a page of an API (`contents`).

    `terms` and `areas` say which of our codes a foreign word means: a taxonomy term by its id, `taxonomy/code`,
    code, uri or name; a service area by its id, uri, extent or name; `*` is whatever is not named. `zone`,
    `policy` and `capacity` are for new entries of which the document does not say it.
    """

    document: JsonValue
    agency_prefix: Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9-]{0,30})?$")] = ""
    terms: Meanings = Field(default_factory=dict)
    areas: Meanings = Field(default_factory=dict)
    zone: Zone = "UTC"
    policy: Id = "default"
    capacity: Places = 0
    dry_run: bool = False


class LeftOut(BaseModel):
    """A field that was not taken: where it stands, why, and what would have been taken."""

    path: str
    reason: str
    allowed: list[str]


class ImportLine(BaseModel):
    """What became of one entry."""

    path: str
    kind: str
    outcome: Outcome
    hsds_id: UUID | None
    our_id: str | None
    reason: str | None
    allowed: list[str]
    left_out: list[LeftOut]


class UnknownWord(BaseModel):
    """A term or an area whose meaning nobody has said; any of the names may be used in `terms` or `areas`."""

    kind: str
    called: list[str]
    times: int


class ImportReport(BaseModel):
    """`counts` by outcome; a dry run changes nothing and reports what would change."""

    dry_run: bool
    counts: dict[Outcome, int]
    entries: list[ImportLine]
    unknown: list[UnknownWord]


class HsdsPage(BaseModel):
    """A page as HSDS 3 APIs give it; `contents` hold one organization or service each."""

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[dict[str, Any]]
