"""Time granted to a duty as a line of past facts: how much later it fell due by that, or that it was waived."""

from collections.abc import Mapping
from typing import Any

from contracts.past_facts import GRANTED, WAIVED, FactLine
from domain.vocabulary import SubjectType

_PREFIX = "deadline."
# As the history of a deadline has them: extended, paused, resumed, waived.
CHANGES = tuple(name.removeprefix(_PREFIX) for name in (*GRANTED, WAIVED))


def granted_line(row: Mapping[Any, Any], owner: str) -> FactLine:
    """`row`: a deadline with one of its CHANGES, and `granted`, the length of time between both due instants."""
    whole = row["subject_type"] == SubjectType.CASE
    return FactLine.model_validate(
        {
            "case": row["case_ref"],
            "fact": f"{_PREFIX}{row['change']}",
            "at": row["changed_at"],
            "subject_type": row["subject_type"],
            "subject_id": "" if whole else row["subject_id"],
            "step": row["step"],
            "granted": row["granted"],
            "policy": row["policy"],
            "owner": owner,
        }
    )
