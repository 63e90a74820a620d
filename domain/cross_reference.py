"""What a record names in another service belongs to the same case, as far as that has been heard.

Events lag: what is not heard of yet may be minutes old and is taken; only what is known to be of another case, or
to be something else, is refused. Source: docs/decisions/0362.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.errors import Malformed


class Named(StrEnum):
    """What a record may name."""

    REFERRAL = "referral"
    MEETING = "meeting"


class NotOfThisCase(Malformed):
    """This case has nothing of that kind under this id."""

    code = "not-of-this-case"


@dataclass(frozen=True, slots=True)
class Heard:
    """What another service has said of an id."""

    case_ref: str
    named: Named


def demand_of_case(case_ref: str, wanted: Named, heard: Heard | None, field: str) -> None:
    """`heard` None: nothing was said of it so far, which refuses nobody. Raises NotOfThisCase."""
    if heard is not None and heard != Heard(case_ref, wanted):
        raise NotOfThisCase(f"This case has no such {wanted}.", field=field)
