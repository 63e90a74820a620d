"""Which offers stand behind a need, in which order they are asked, and which one is next.

Source: practice.md, sections 5 (capacity of a service) and 6 (a fallback provider, a capacity check).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.errors import Malformed, Refusal


class OfferServesPathway(Refusal):
    """A pathway relies on this offer: change the pathway first."""

    code = "offer-serves-pathway"


class OfferOfAnotherAgency(Refusal):
    """This offer belongs to another agency."""

    code = "offer-of-another-agency"


class StaffOfAnotherAgency(Refusal):
    """Somebody with this id is employed by another agency."""

    code = "staff-of-another-agency"


class TeamHasStaff(Refusal):
    """A team with staff in it cannot be dropped."""

    code = "team-has-staff"


@dataclass(frozen=True, slots=True)
class Offer:
    """A service that an agency gives; `capacity` counts free places, without anybody's name."""

    offer_id: str
    agency_id: str
    need: str
    area: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Provider:
    """An offer in its place on a pathway, and the agency that gives it."""

    offer_id: str
    agency_id: str


def lay_pathway(
    need: str, offer_ids: Sequence[str], known: Iterable[Offer]
) -> tuple[Provider, ...]:
    """The providers in order; raises Malformed for an offer that is twice, unknown or for another need."""
    offers = {offer.offer_id: offer for offer in known if offer.need == need}
    if len(set(offer_ids)) < len(offer_ids):
        raise Malformed("Each offer stands on a pathway once.", field="offers")
    for offer_id in offer_ids:
        if offer_id not in offers:
            raise Malformed(
                "This offer is not known, or does not serve the need.",
                field="offers",
                allowed=sorted(offers),
            )
    return tuple(Provider(each, offers[each].agency_id) for each in offer_ids)


def next_provider(
    pathway: Iterable[Provider], asked: Collection[str], capacity: Mapping[str, int]
) -> Provider | None:
    """The first with places left whose agency has not been asked; one of unknown capacity is asked."""
    for provider in pathway:
        if provider.agency_id not in asked and capacity.get(provider.offer_id, 1) > 0:
            return provider
    return None


def demand_team(team_id: str | None, teams: Collection[str]) -> None:
    """Raises Malformed unless the team is one of the agency's, or none is named."""
    if team_id is not None and team_id not in teams:
        raise Malformed("The agency has no such team.", field="team_id", allowed=sorted(teams))
