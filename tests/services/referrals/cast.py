"""Who acts in the tests of referrals, and what the bus brings them."""

from typing import Any
from uuid import UUID

from contracts.events import Event
from contracts.events.agencies import OfferPublished, PathwayPublished
from contracts.events.cases import CaseClosed, CaseRegistered, ConsentRecorded, ConsentWithdrawn
from contracts.events.deadlines import DeadlineEvent
from contracts.events.timekeeping import ReferralFallbackDue
from domain.vocabulary import Ground, Risk, Source
from domain.vocabulary import Person as Relative
from infrastructure.ids import new_id
from tests.services.open_service import BEGIN, Person, Served

CASE = "TL-7K2M-9QXA-C"
CONSENT = UUID("01940000-0000-7000-8000-000000000001")
AMAL = Person("amal-h", "agency-case", ("caseworker",), "team-one")  # the case's caseworker
JONAS = Person("jonas-w", "agency-case", ("supervisor",), "team-one")  # and supervisor
RUTH = Person("ruth-o", "agency-case", ("manager",))
BELA = Person("bela-c", "agency-case", ("caseworker",), "team-one")  # a colleague
HARBOUR = Person("intake-h", "harbour-help", ("provider",))  # asked first
BRIDGE = Person("intake-b", "bridge-families", ("provider",))  # asked next
LEAD = Person("lead-h", "harbour-help", ("supervisor",))
SUMMARY = "The mother needs help with strain and money."
SECRET = "Lindenweg 4"


def registered(case_ref: str = CASE, caseworker: str = "amal-h") -> CaseRegistered:
    return CaseRegistered(
        case_ref=case_ref,
        at=BEGIN,
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
        at=BEGIN,
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
            at=BEGIN,
            need="family-support",
            area="city",
            offers=("talks", "circle"),
            providers=("harbour-help", "bridge-families"),
        ),
    ]


def consented(purpose: str = "referral") -> ConsentRecorded:
    return ConsentRecorded(
        case_ref=CASE, at=BEGIN, consent_id=CONSENT, given_by=Relative.MOTHER, purpose=purpose
    )


def withdrawn(served: Served, purpose: str = "referral") -> ConsentWithdrawn:
    return ConsentWithdrawn(
        case_ref=CASE,
        at=served.clock.now(),
        consent_id=CONSENT,
        given_by=Relative.MOTHER,
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
        "consent": {"given_by": "mother", "recorded_at": BEGIN.isoformat()},
        **changed,
    }


async def post(
    served: Served, who: Person, path: str, body: Any = None, expect: int = 200
) -> dict[str, Any]:
    answer = await served.ask(who, "POST", path, {} if body is None else body)
    assert answer.status_code == expect, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def get(served: Served, who: Person, path: str, expect: int = 200) -> dict[str, Any]:
    answer = await served.ask(who, "GET", path)
    assert answer.status_code == expect, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def requested(served: Served, **changed: Any) -> str:
    """The id of a referral whose first provider has been asked."""
    return str((await post(served, AMAL, "/referrals", a_request(**changed), expect=201))["id"])


async def duties(served: Served, referral_id: str) -> dict[tuple[str, str], str]:
    """State of each duty by step and agency, as the case's caseworker sees them."""
    view = await get(served, AMAL, f"/referrals/{referral_id}")
    return {(each["step"], each["agency_id"]): each["state"] for each in view["deadlines"]}


async def said(served: Served) -> list[str]:
    """Types of the events of referrals themselves, in order; deadlines left out."""
    return [each.type for each in await served.said() if not isinstance(each, DeadlineEvent)]
