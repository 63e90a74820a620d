"""A whole caseload handed over when a worker leaves: every case is named, or nothing moves.

Source: practice.md, step 8 (no moment without an owner, a handover list).
"""

from collections.abc import Iterable, Mapping

from domain.case import IN_WORK
from domain.errors import Malformed, Refusal
from domain.vocabulary import CaseStatus

# A closed case still owes its look back, so somebody has it.
STILL_OWED = (*IN_WORK, CaseStatus.CLOSED)


class CasesNotNamed(Refusal):
    """Some of these cases would be left without a caseworker; name one for each."""

    code = "cases-not-named"


class CaseloadEmpty(Refusal):
    """This worker looks after no case of your agency."""

    code = "caseload-empty"


def successors(
    leaving: str, owned: Iterable[str], named: Mapping[str, str], everything_to: str | None
) -> dict[str, str]:
    """The new caseworker of each case, `everything_to` where none is named for it.

    Raises CaseloadEmpty, CasesNotNamed with the cases left out, and Malformed for a case of somebody else or
    a case that would stay with whoever leaves.
    """
    refs = tuple(owned)
    if not refs:
        raise CaseloadEmpty
    if strangers := sorted(set(named) - set(refs)):
        told = f"Not of this caseload: {', '.join(strangers)}."
        raise Malformed(told, field="to", allowed=refs)
    found = {ref: named.get(ref) or everything_to for ref in refs}
    if left := [ref for ref in refs if found[ref] is None]:
        raise CasesNotNamed(field="to", allowed=left)
    if leaving in found.values():
        raise Malformed("Whoever hands a case over does not keep it.", field="to")
    return {ref: caseworker for ref, caseworker in found.items() if caseworker is not None}
