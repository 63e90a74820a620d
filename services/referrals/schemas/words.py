"""The forms of words and codes that bodies share."""

from typing import Annotated

from pydantic import StringConstraints

from domain.vocabulary import CASE_REF_PATTERN
from infrastructure.http import RequestBody

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
ShortId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
CaseRef = Annotated[str, StringConstraints(pattern=CASE_REF_PATTERN)]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})?$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class NoWords(RequestBody):
    """Nothing more needs to be said."""
