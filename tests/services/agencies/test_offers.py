"""Terms of offers, finding them, how many places are free, and how a pathway's offers stand now."""

from typing import Any

from contracts.events.agencies import OfferPublished, OfferTermsPublished
from domain.offers import why_not
from services.agencies.store.offers import suited
from tests.services.agencies.directory import (
    AMAL,
    OFFER,
    PIA,
    SEED,
    TALKS,
    a_directory,
    put,
    types,
)
from tests.services.paged import pages
from tests.services.served import Served

TERMS: dict[str, Any] = {
    "areas": ["city", "north"],
    "languages": ["EN", "ar-sy"],
    "youngest": 6,
    "oldest": 17,
    "waiting_days": 14,
    "eligibility": "Families with children at school",
    "description": "Somebody to talk to.",
    "contact": {"phone": "+49 40 1234 ext 12", "email": "talks@harbour.example"},
    "opening": ["tue.0900-1700", "mon.0900-1700"],
}


async def found(served: Served, query: str) -> list[str]:
    answer = await served.get(PIA, f"/offers?{query}")
    assert answer.status_code == 200, answer.text
    return [each["offer_id"] for each in answer.json()["items"]]


async def test_terms_are_kept_announced_and_stay_when_left_out(agencies: Served) -> None:
    await a_directory(agencies)
    assert await agencies.said(OfferTermsPublished) == []  # nobody has given any
    shown = await put(agencies, TALKS, {**OFFER, **TERMS})
    assert shown["languages"] == ["en", "ar-SY"]
    assert shown["opening"] == ["mon.0900-1700", "tue.0900-1700"]
    assert shown["contact"]["url"] is None
    (said,) = await agencies.said(OfferTermsPublished)
    assert {name: said[name] for name in ("areas", "languages", "youngest", "waiting_days")} == {
        "areas": ["city", "north"],
        "languages": ["en", "ar-sy"],
        "youngest": 6,
        "waiting_days": 14,
    }
    assert await put(agencies, TALKS, OFFER) == shown
    assert len(await agencies.said(OfferTermsPublished)) == 1
    assert len(await agencies.said(OfferPublished)) == 1  # neither area nor places have changed
    gone = {**OFFER, "youngest": None, "languages": [], "contact": None, "description": None}
    cleared = await put(agencies, TALKS, gone)
    assert (cleared["youngest"], cleared["languages"], cleared["oldest"]) == (None, [], 17)
    assert cleared["contact"] == {"phone": None, "email": None, "url": None}
    assert len(await agencies.said(OfferTermsPublished)) == 2


async def test_wrong_terms_are_refused_by_their_field(agencies: Served) -> None:
    await a_directory(agencies)
    for said, named in (
        ({"languages": ["english"]}, "languages.0"),
        ({"youngest": 9, "oldest": 8}, "oldest"),
        ({"opening": ["mon.0900-1700", "mon.1000-1100"]}, "opening"),
        ({"places": ["nowhere"]}, "places"),
        ({"contact": {"email": "nobody"}}, "contact.email"),
        ({"contact": {"name": "Ann"}}, "contact.name"),
        ({"waiting_days": -1}, "waiting_days"),
        ({"title": "a\x00b"}, "title"),
    ):
        answer = await put(agencies, TALKS, {**OFFER, **said}, expect=422)
        assert answer["errors"][0]["field"] == named, answer


async def many(served: Served) -> None:
    await a_directory(served)
    entries: dict[str, dict[str, Any]] = {
        "talks": {**TERMS},
        "circle": {"capacity": 0, "languages": ["fr"]},
        "group": {"paused": True, "oldest": 5, "languages": ["en-GB"]},
        "valley": {"area": "valley"},
        "loans": {"need": "money"},
    }
    for offer_id, said in entries.items():
        await put(served, f"/agencies/harbour-help/offers/{offer_id}", {**OFFER, **said})


SEARCHES = [
    ("need=counselling", ["circle", "group", "talks", "valley"]),
    ("need=counselling&area=city", ["circle", "group", "talks"]),
    ("area=north", ["talks"]),  # not only the first of its areas
    ("area=city&free=true", ["loans", "talks"]),
    ("age=5&need=counselling", ["circle", "group", "valley"]),
    ("age=6&need=counselling", ["circle", "talks", "valley"]),
    ("age=18&area=city", ["circle", "loans"]),
    ("language=ar", ["talks"]),
    ("language=AR-SY", ["talks"]),
    ("language=en", ["group", "talks"]),
    ("language=en-US", ["talks"]),  # en is understood; en-GB is not the same
    ("language=de", []),
    ("need=money&area=valley", []),
]


async def test_offers_are_found_by_what_is_needed(agencies: Served) -> None:
    await many(agencies)
    for query, expected in SEARCHES:
        assert await found(agencies, query) == expected, query


async def test_the_search_and_the_rule_say_the_same(agencies: Served) -> None:
    await many(agencies)
    rows = await agencies.rows("select * from offers")
    for age in (None, 0, 5, 6, 17, 18):
        for language in (None, "ar", "ar-SY", "en-US", "fr", "de"):
            asked = {"age": age, "language": language}
            query = "&".join(f"{name}={each}" for name, each in asked.items() if each is not None)
            expected = [
                row["offer_id"]
                for row in rows
                if not why_not(suited(row), area="city", **asked)  # type: ignore[arg-type]
            ]
            assert await found(agencies, f"area=city&free=true&{query}") == sorted(expected)


async def test_offers_come_page_by_page(agencies: Served) -> None:
    await many(agencies)
    found = await pages(agencies, PIA, "/offers")
    assert [[each["offer_id"] for each in page] for page in found] == [
        ["circle", "group"],
        ["loans", "talks"],
        ["valley"],
    ]


async def test_wrong_questions_name_their_parameter(agencies: Served) -> None:
    await a_directory(agencies)
    for query, named in (("age=-1", "age"), ("language=english", "language"), ("ages=3", "ages")):
        answer = await agencies.get(PIA, f"/offers?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, named)


async def test_those_who_give_the_service_say_how_many_places_are_free(agencies: Served) -> None:
    await a_directory(agencies)
    await put(agencies, TALKS, {**OFFER, **TERMS})
    before = len(await types(agencies))
    shown = await put(agencies, f"{TALKS}/capacity", {"capacity": 1}, who=PIA)
    assert (shown["capacity"], shown["waiting_days"], shown["oldest"]) == (1, 14, 17)
    assert (await types(agencies))[before:] == ["offer.published.v1"]
    resting = {"capacity": 1, "waiting_days": 30, "paused": True}
    await put(agencies, f"{TALKS}/capacity", resting, who=PIA)
    assert (await types(agencies))[before:] == ["offer.published.v1", "offer.terms-published.v1"]
    await put(agencies, f"{TALKS}/capacity", {"capacity": 1, "paused": None}, who=PIA)
    assert len(await types(agencies)) == before + 2
    refused = await put(agencies, f"{TALKS}/capacity", {"capacity": 9}, who=AMAL, expect=404)
    assert refused["code"] == "not-found"
    unknown = "/agencies/harbour-help/offers/none/capacity"
    await put(agencies, unknown, {"capacity": 9}, who=PIA, expect=404)


async def test_a_pathway_says_why_an_offer_is_not_suitable_now(agencies: Served) -> None:
    await many(agencies)
    await put(agencies, "/pathways/counselling/city", {"offers": ["talks", "circle", "group"]})
    path = "/pathways/counselling/city?age=4&language=ar"
    shown = (await agencies.get(PIA, path)).json()
    assert [(each["offer_id"], each["suitable"], each["reasons"]) for each in shown["now"]] == [
        ("talks", False, ["too-young"]),
        ("circle", False, ["no-places", "language-not-spoken"]),
        ("group", False, ["paused", "language-not-spoken"]),
    ]
    listed = (await agencies.get(PIA, "/pathways?area=city&age=7")).json()["items"]
    assert [each["suitable"] for each in listed[0]["now"]] == [True, False, False]
    assert (await agencies.get(PIA, "/pathways?area=valley")).json()["items"] == []


async def test_an_offer_that_serves_elsewhere_or_is_gone_stands_on_no_pathway(
    agencies: Served,
) -> None:
    await many(agencies)
    path = "/pathways/counselling/city"
    refused = await put(agencies, path, {"offers": ["talks", "valley"]}, expect=422)
    assert refused["errors"][0]["allowed"] == ["circle", "group", "talks"]
    circle = "/agencies/harbour-help/offers/circle"
    assert (await agencies.ask(AMAL, "DELETE", circle)).status_code == 404
    answer = await agencies.ask(SEED, "DELETE", circle)
    assert answer.json()["withdrawn"] is True
    assert (await agencies.ask(SEED, "DELETE", circle)).status_code == 404
    refused = await put(agencies, path, {"offers": ["circle"]}, expect=422)
    assert refused["errors"][0]["allowed"] == ["group", "talks"]
    assert "circle" not in await found(agencies, "")
    assert (await agencies.said(OfferTermsPublished))[-1]["paused"] is True
    back = await put(agencies, circle, {**OFFER, "paused": False})
    assert back["withdrawn"] is False


async def test_what_a_pathway_relies_on_stays(agencies: Served) -> None:
    await a_directory(agencies)
    await put(agencies, TALKS, {**OFFER, "areas": ["north"]})
    for body, named in (
        ({**OFFER, "area": "north", "areas": []}, "areas"),
        ({**OFFER, "need": "money"}, "need"),
    ):
        refused = await put(agencies, TALKS, body, expect=409)
        assert (refused["code"], refused["errors"][0]["field"]) == ("offer-serves-pathway", named)
    moved = await put(agencies, TALKS, {**OFFER, "area": "north"})  # the city stays among its areas
    assert moved["areas"] == ["north", "city"]
    answer = await agencies.ask(SEED, "DELETE", TALKS)
    assert (answer.status_code, answer.json()["code"]) == (409, "offer-serves-pathway")


async def test_places_are_put_listed_and_named_by_offers(agencies: Served) -> None:
    await a_directory(agencies)
    path = "/agencies/harbour-help/places/office"
    entry = {
        "name": "Office",
        "latitude": 53.5,
        "address": {"street": "Quay 4", "city": "Porttown", "country": "DE"},
    }
    for _ in range(2):
        made = await put(agencies, path, entry)
    assert (made["kind"], made["address"]["city"], made["longitude"]) == (
        "physical",
        "Porttown",
        None,
    )
    await put(agencies, path, {**entry, "latitude": 91}, expect=422)
    await put(agencies, path, entry, who=PIA, expect=404)
    assert (await put(agencies, TALKS, {**OFFER, "places": ["office"]}))["places"] == ["office"]
    listed = (await agencies.get(PIA, "/agencies/harbour-help/places")).json()["items"]
    assert [each["place_id"] for each in listed] == ["office"]
