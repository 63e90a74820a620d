"""A small directory for the agencies service's tests, and how its entries are put."""

from typing import Any

from domain.vocabulary import Role
from tests.services.served import Served, a_token

SEED = a_token("seed", "throughline", Role.ADMINISTRATOR)
AMAL = a_token("amal-h", "agency-north", Role.CASEWORKER, team="team-one")
MONA = a_token("mona", "agency-north", Role.MANAGER)
PIA = a_token("pia-p", "harbour-help", Role.PROVIDER)
NORTH = {
    "name": "Agency North",
    "zone": "Europe/Berlin",
    "policy": "default",
    "teams": [{"team_id": "team-one", "name": "Team One"}],
}
HARBOUR = {"name": "Harbour Help", "zone": "Europe/Berlin", "policy": "default"}
COLLEAGUE = {"name": "Amal Haddad", "team_id": "team-one", "roles": ["caseworker"]}
OFFER = {"need": "counselling", "area": "city", "capacity": 3, "title": "Talks for families"}
TALKS = "/agencies/harbour-help/offers/talks"
AMALS = "/agencies/agency-north/staff/amal-h"


async def put(
    served: Served, path: str, body: dict[str, Any], who: str = SEED, expect: int = 200
) -> Any:
    answer = await served.ask(who, "PUT", path, body)
    assert answer.status_code == expect, answer.text
    return answer.json()


async def a_directory(served: Served) -> None:
    await put(served, "/agencies/agency-north", NORTH)
    await put(served, "/agencies/harbour-help", HARBOUR)
    await put(served, "/agencies/agency-north/staff/amal-h", COLLEAGUE)
    await put(served, "/agencies/harbour-help/offers/talks", OFFER)
    await put(served, "/pathways/counselling/city", {"offers": ["talks"]})


async def types(served: Served) -> list[str]:
    return [event["type"] for event in await served.said()]
