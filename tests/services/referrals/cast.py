"""Who acts in the tests of referrals, and what the bus brings them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.events import Event
from contracts.events.agencies import OfferPublished, PathwayPublished
from contracts.events.cases import CaseClosed, CaseRegistered, ConsentRecorded, ConsentWithdrawn
from contracts.events.deadlines import DeadlineSet
from contracts.events.timekeeping import ReferralFallbackDue
from domain.vocabulary import Ground, Person, Risk, Role, Source
from infrastructure.ids import new_id
from tests.services.served import DAY_0, Served, a_token


@dataclass(frozen=True)
class Somebody:
    """Who acts, with a token of her own."""

    staff_id: str
    agency_id: str
    role: Role

    @property
    def token(self) -> str:
        return a_token(self.staff_id, self.agency_id, self.role, team="team-one")


CASE = "TL-7K2M-9QXA-C"
CONSENT = UUID("01940000-0000-7000-8000-000000000001")
AMAL = Somebody("amal-h", "agency-case", Role.CASEWORKER)  # the case's caseworker
JONAS = Somebody("jonas-w", "agency-case", Role.SUPERVISOR)  # and supervisor
RUTH = Somebody("ruth-o", "agency-case", Role.MANAGER)
BELA = Somebody("bela-c", "agency-case", Role.CASEWORKER)  # a colleague
HARBOUR = Somebody("intake-h", "harbour-help", Role.PROVIDER)  # asked first
BRIDGE = Somebody("intake-b", "bridge-families", Role.PROVIDER)  # asked next
LEAD = Somebody("lead-h", "harbour-help", Role.SUPERVISOR)
SUMMARY = "The mother needs help with strain and money."
SECRET = "Lindenweg 4"


def registered(case_ref: str = CASE, caseworker: str = "amal-h") -> CaseRegistered:
    return CaseRegistered(
        case_ref=case_ref,
        at=DAY_0,
        agency_id="agency-case",
        team_id="team-one",
        caseworker_id=caseworker,
        supervisor_id="jonas-w",
        risk=Risk.MEDIUM,
        source=Source.SCHOOL,
        policy="default@1",
    )


def offer(offer_id: str, agency_id: str, capacity: int = 3) -> OfferPublished:
    return OfferPublished(
        agency_id=agency_id,
        at=DAY_0,
        offer_id=offer_id,
        need="family-support",
        area="city",
        capacity=capacity,
    )


def a_pathway() -> list[Event]:
    return [
        offer("talks", "harbour-help"),
        offer("circle", "bridge-families"),
        PathwayPublished(
            agency_id="throughline",
            at=DAY_0,
            need="family-support",
            area="city",
            offers=("talks", "circle"),
            providers=("harbour-help", "bridge-families"),
        ),
    ]


def consented(purpose: str = "referral") -> ConsentRecorded:
    return ConsentRecorded(
        case_ref=CASE, at=DAY_0, consent_id=CONSENT, given_by=Person.MOTHER, purpose=purpose
    )


def withdrawn(served: Served, purpose: str = "referral") -> ConsentWithdrawn:
    return ConsentWithdrawn(
        case_ref=CASE,
        at=served.clock.now(),
        consent_id=CONSENT,
        given_by=Person.MOTHER,
        purpose=purpose,
    )


def closed(served: Served) -> CaseClosed:
    return CaseClosed(
        case_ref=CASE,
        at=served.clock.now(),
        closure_id=new_id(),
        ground=Ground.FAMILY_ABLE,
        approved_by="jonas-w",
    )


def fallback(served: Served, referral_id: str, attempt: int, because: str) -> ReferralFallbackDue:
    return ReferralFallbackDue(
        case_ref=CASE,
        at=served.clock.now(),
        referral_id=UUID(referral_id),
        attempt=attempt,
        because=because,
    )


def a_request(**changed: Any) -> dict[str, Any]:
    return {
        "case_ref": CASE,
        "need": "family-support",
        "area": "city",
        "urgent": False,
        "summary": SUMMARY,
        "shared": {"name": "Noor", "location": SECRET},
        "consent": {"given_by": "mother", "recorded_at": DAY_0.isoformat()},
        **changed,
    }


async def post(
    served: Served, who: Somebody, path: str, body: Any = None, expect: int = 200
) -> dict[str, Any]:
    answer = await served.ask(who.token, "POST", path, {} if body is None else body)
    assert answer.status_code == expect, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def get(served: Served, who: Somebody, path: str, expect: int = 200) -> dict[str, Any]:
    answer = await served.ask(who.token, "GET", path)
    assert answer.status_code == expect, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def requested(served: Served, **changed: Any) -> str:
    """The id of a referral whose first provider has been asked."""
    return str(
        (await post(served, AMAL, "/referrals", a_request(**changed), expect=201))["referral_id"]
    )


async def duties(served: Served, referral_id: str) -> dict[tuple[str, str], str]:
    """State of each duty by step and agency, as the case's caseworker sees them."""
    view = await get(served, AMAL, f"/referrals/{referral_id}")
    return {(each["step"], each["agency_id"]): each["state"] for each in view["deadlines"]}


async def duties_set(served: Served) -> dict[str, dict[str, Any]]:
    """Each step's last announcement of a new duty."""
    return {each["step"]: each for each in await served.said(DeadlineSet)}


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def said(served: Served) -> list[str]:
    """Types of the events of referrals themselves, in order; deadlines left out."""
    found = [str(each["type"]) for each in await served.said()]
    return [each for each in found if not each.startswith("deadline.")]
