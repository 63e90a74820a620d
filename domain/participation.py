"""How the child took part, or why not. Source: practice.md, section 2 (in a way that suits age and wish)."""

from enum import StrEnum

from domain.errors import Malformed


class Participation(StrEnum):
    """The child's way of taking part."""

    IN_PERSON = "in-person"
    BY_TRUSTED_PERSON = "by-trusted-person"
    IN_WRITING_OR_DRAWING = "in-writing-or-drawing"
    CHOSE_NOT_TO = "chose-not-to"


class ChildAbsenceUnexplained(Malformed):
    """The child takes part in a way that suits age and wish, or the record says why not."""

    code = "child-absence-unexplained"


class ParticipationContradicts(Malformed):
    """Whether the child took part, and how, say different things."""

    code = "participation-contradicts"


def demand_childs_part(took_part: bool, way: Participation | None, why_not: str | None) -> None:
    """`way` None: not said, as long as it is known whether the child took part."""
    if way is not None and took_part is (way is Participation.CHOSE_NOT_TO):
        raise ParticipationContradicts(field="child_participation")
    if not took_part and not (why_not or "").strip():
        raise ChildAbsenceUnexplained(field="why_not")
