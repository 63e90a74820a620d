"""Who may chair a review or conference: somebody who takes no part in the day-to-day work on the case.

Checked when the chair is chosen, and again when the outcome is recorded. Source: practice.md, section 2.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.disclosure import Custody
from domain.errors import Refusal
from domain.vocabulary import Role


class ChairNotIndependent(Refusal):
    """A review or conference is led by somebody who takes no part in the day-to-day work on the case."""

    code = "chair-not-independent"


class ChairMissing(Refusal):
    """Nobody who is independent of the case may take the chair: name somebody, or employ a chair."""

    code = "chair-missing"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody employed; `reviews_standing` counts the reviews this person chairs at present."""

    staff_id: str
    agency_id: str
    team_id: str | None
    roles: frozenset[Role]
    active: bool = True
    reviews_standing: int = 0


def bar(colleague: Colleague, custody: Custody) -> str | None:
    """Why this colleague may not chair; None: nothing speaks against it.

    The custody's participants are all who planned or recorded on the case, now or earlier; its receivers the
    agencies that a referral was sent to.
    """
    if not colleague.active or Role.REVIEW_CHAIR not in colleague.roles:
        return "This colleague is not at work as a review chair."
    if colleague.staff_id in (custody.caseworker_id, custody.supervisor_id):
        return "This colleague works on the case or supervises it."
    if _is_of_its_team(colleague, custody):
        return "This colleague is of the case's own team."
    if colleague.staff_id in custody.participants:
        return "This colleague has planned or recorded on the case."
    if colleague.agency_id in custody.receivers - {custody.agency_id}:
        return "This colleague's agency was asked to help by a referral."
    return None


def may_chair(colleague: Colleague, custody: Custody) -> bool:
    return bar(colleague, custody) is None


def demand_independence(colleague: Colleague | None, custody: Custody) -> None:
    """Raises ChairNotIndependent; somebody unknown is not known to be independent."""
    if colleague is None:
        raise ChairNotIndependent(field="chair_id")
    if barred := bar(colleague, custody):
        raise ChairNotIndependent(f"{ChairNotIndependent.title()} {barred}", field="chair_id")


def choose_chair(colleagues: Iterable[Colleague], custody: Custody) -> Colleague | None:
    """Whoever has the fewest reviews standing, then by id; another agency's only if ours has nobody.

    Need-to-know holds between agencies too (practice.md, section 2), so our own come first.
    """
    able = [colleague for colleague in colleagues if may_chair(colleague, custody)]
    return min(
        able,
        key=lambda each: (
            each.agency_id != custody.agency_id,
            each.reviews_standing,
            each.staff_id,
        ),
        default=None,
    )


def _is_of_its_team(colleague: Colleague, custody: Custody) -> bool:
    return (
        colleague.agency_id == custody.agency_id
        and colleague.team_id is not None
        and colleague.team_id == custody.team_id
    )
