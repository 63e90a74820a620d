"""The kinds of text an entry of the directory may carry, each bounded."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field, StringConstraints

from domain.listing import EMAIL_PATTERN, LONGEST_TEXT, PHONE_PATTERN, URL_PATTERN
from domain.offers import LANGUAGE_PATTERN, LONGEST_LANGUAGE
from domain.vocabulary import CODE_PATTERN
from domain.working_hours import SPAN_PATTERN
from infrastructure.http import RequestBody

AREA_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"
# Postgres keeps no NUL, and a line of the directory has no use for other control characters.
_WRITABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"

Id = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
Code = Annotated[str, StringConstraints(pattern=AREA_PATTERN)]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_WRITABLE),
]
Words = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT, pattern=_WRITABLE
    ),
]
Zone = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_+\-/0-9]{1,64}$")]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN, max_length=LONGEST_LANGUAGE)]
Phone = Annotated[str, StringConstraints(pattern=PHONE_PATTERN)]
Email = Annotated[str, StringConstraints(pattern=EMAIL_PATTERN)]
Url = Annotated[str, StringConstraints(pattern=URL_PATTERN)]
Spans = Annotated[
    list[Annotated[str, StringConstraints(pattern=SPAN_PATTERN)]], Field(max_length=70)
]
PathId = Annotated[str, Path(pattern=CODE_PATTERN)]
PathCode = Annotated[str, Path(pattern=AREA_PATTERN)]


class Contact(RequestBody):
    """How the public reaches the organisation; never a person's own number or address."""

    phone: Phone | None = None
    email: Email | None = None
    url: Url | None = None


class ContactView(BaseModel):
    phone: str | None
    email: str | None
    url: str | None
