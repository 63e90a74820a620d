"""Agencies as the directory lists them: one in full, and any that may be."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from domain.listing import Address, Channel, ListedAgency, ListedOffer, Place, outer_id
from domain.working_hours import DAYS, Span, week

HARBOUR = Place(
    "harbour",
    outer_id("place", "harbour-help", "harbour"),
    "physical",
    name="The old harbour office",
    latitude=53.5,
    longitude=9.9,
    address=Address("Quay 4", "Porttown", "DE", more="2nd floor", postal_code="20457"),
)
ONLINE = Place(
    "online", outer_id("place", "harbour-help", "online"), "virtual", url="https://talk.example"
)


def an_offer(offer_id: str = "talks", **said: Any) -> ListedOffer:
    known: dict[str, Any] = {
        "hsds_id": outer_id("offer", offer_id),
        "title": "Talks for families",
        "need": "family-support",
        "areas": ("city", "north"),
        "capacity": 3,
        "description": "Somebody to talk to.",
        "eligibility": "Families with children at school",
        "languages": ("en", "ar-SY"),
        "youngest": 6,
        "oldest": 17,
        "waiting_days": 14,
        "channel": Channel(
            "+49 40 1234 ext 12", "talks@harbour.example", "https://harbour.example"
        ),
        "opening": ("mon.0900-1700", "tue.0900-1700", "sat.1000-2400"),
        "places": ("harbour", "online"),
    }
    return ListedOffer(offer_id=offer_id, **(known | said))


def an_agency(agency_id: str = "harbour-help", **said: Any) -> ListedAgency:
    known: dict[str, Any] = {
        "hsds_id": outer_id("agency", agency_id),
        "name": "Harbour Help",
        "zone": "Europe/Berlin",
        "policy": "default",
        "description": "Helps families at the harbour.",
        "channel": Channel("+49 40 1234", "office@harbour.example", "https://harbour.example"),
        "places": (HARBOUR, ONLINE),
        "offers": (an_offer(), an_offer("circle", title="Support circle", paused=True)),
    }
    return ListedAgency(agency_id=agency_id, **(known | said))


# What PUT accepts: stripped, not empty, nothing that a line of text does not hold.
_LINES = st.text(
    st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40
).map(str.strip).filter(bool)  # fmt: skip
_IDS = st.text("az09-", max_size=63).map("n{}".format)
_CODES = st.text("az09._-", max_size=63).map("c{}".format)
_URLS = st.sampled_from([None, "https://a.example", "http://b.example/c?d=e"])
_MAYBE = st.none() | _LINES
_TAGS = st.sampled_from(["en", "ar", "ar-SY", "zh-Hant-TW", "fr-CA", "es-419", "prs", "sl-rozaj"])
_CHANNELS = st.builds(
    Channel,
    st.sampled_from([None, "+49 40 1234", "112", "0800 111 ext 7"]),
    st.sampled_from([None, "a@b.example", "team+x@c.example"]),
    _URLS,
)
_ADDRESSES = st.builds(
    Address, _LINES, _LINES, st.sampled_from(["UG", "DE"]), _MAYBE, _MAYBE, _MAYBE, _MAYBE
)


@st.composite
def openings(draw: st.DrawFn) -> tuple[str, ...]:
    """At most one span a day, so that none overlap."""
    days = draw(st.sets(st.integers(0, len(DAYS) - 1)))
    codes = []
    for day in days:
        begins = draw(st.integers(0, 1439))
        codes.append(Span(day, begins, draw(st.integers(begins + 1, 1440))).code)
    return week(codes)


@st.composite
def agencies(draw: st.DrawFn, uuids: st.SearchStrategy[UUID] | None = None) -> ListedAgency:
    outer = uuids or st.uuids()
    place_ids = draw(st.lists(_IDS, max_size=3, unique=True))
    places = [
        Place(
            each,
            draw(outer),
            draw(st.sampled_from(["physical", "postal", "virtual"])),
            draw(_MAYBE),
            draw(_URLS),
            draw(st.none() | st.floats(-90, 90)),
            draw(st.none() | st.floats(-180, 180)),
            draw(st.none() | _ADDRESSES),
        )
        for each in place_ids
    ]
    offers = [
        _drawn_offer(draw, each, draw(outer), place_ids)
        for each in draw(st.lists(_IDS, max_size=3, unique=True))
    ]
    return ListedAgency(
        agency_id=draw(_IDS),
        hsds_id=draw(outer),
        name=draw(_LINES),
        zone="Africa/Kampala",
        policy="default",
        description=draw(_MAYBE),
        channel=draw(_CHANNELS),
        places=tuple(places),
        offers=tuple(offers),
    )


def _drawn_offer(draw: st.DrawFn, offer_id: str, outer: UUID, places: list[str]) -> ListedOffer:
    ages = sorted(draw(st.lists(st.integers(0, 150), min_size=2, max_size=2)))
    return ListedOffer(
        offer_id=offer_id,
        hsds_id=outer,
        title=draw(_LINES),
        need=draw(_CODES),
        areas=tuple(draw(st.lists(_CODES, min_size=1, max_size=3, unique=True))),
        capacity=draw(st.integers(0, 100_000)),
        description=draw(_MAYBE),
        eligibility=draw(_MAYBE),
        languages=tuple(draw(st.lists(_TAGS, max_size=3, unique=True))),
        youngest=draw(st.sampled_from([None, ages[0]])),
        oldest=draw(st.sampled_from([None, ages[1]])),
        waiting_days=draw(st.none() | st.integers(0, 3_650)),
        paused=draw(st.booleans()),
        channel=draw(_CHANNELS),
        opening=draw(openings()),
        places=tuple(draw(st.permutations(places))),
    )
