"""What rows of reviews and of meetings keep alike of what was put on the record."""

from collections.abc import Callable
from typing import Any

from domain.minutes import Minutes
from domain.participation import Participation
from services.reviews.store.sealed import Seal

# Where a field's words belong, by the field's name.
Place = Callable[[str], str]


def minute_columns(recorded: Minutes, seal: Seal, place: Place) -> dict[str, Any]:
    """The columns that say what was recorded."""
    way = recorded.participation
    return {
        "held_at": recorded.held_at,
        "child_took_part": recorded.child_took_part,
        "child_participation": way.value if way else None,
        "why_not": seal.close(place("why_not"), recorded.why_not),
        "minutes": seal.close(place("minutes"), recorded.minutes),
        "attended": None if recorded.attended is None else list(recorded.attended),
    }


def minutes_of(row: Any, seal: Seal | None, place: Place) -> dict[str, Any]:
    """The same, read back; without a seal the words stay closed."""
    return {
        "held_at": row["held_at"],
        "child_took_part": row["child_took_part"],
        "why_not": seal.open(place("why_not"), row["why_not"]) if seal else None,
        "minutes": (seal.open(place("minutes"), row["minutes"]) or "") if seal else "",
        "participation": Participation(row["child_participation"])
        if row["child_participation"]
        else None,
        "attended": None if row["attended"] is None else tuple(row["attended"]),
    }
