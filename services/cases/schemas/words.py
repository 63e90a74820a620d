"""The kinds of text a request may carry, each bounded: words of people, and codes."""

from typing import Annotated

from pydantic import AwareDatetime, StringConstraints

from domain.vocabulary import CODE_PATTERN

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]
ShortWords = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
MaybeWords = Annotated[str, StringConstraints(strip_whitespace=True, max_length=8000)]
Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
Instant = AwareDatetime
MOST = 50  # of anything that is listed in one request
