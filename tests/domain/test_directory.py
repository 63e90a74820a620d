"""Who belongs where in the directory of agencies."""

import pytest

from domain.directory import demand_lead, demand_team
from domain.errors import Malformed


def test_somebody_belongs_to_a_team_of_the_agency_or_to_none() -> None:
    demand_team(None, ())
    demand_team("team-a", ("team-b", "team-a"))
    with pytest.raises(Malformed) as refused:
        demand_team("team-c", ("team-b", "team-a"))
    assert (refused.value.field, refused.value.allowed) == ("team_id", ("team-a", "team-b"))


def test_a_team_is_led_by_somebody_who_works_there_or_by_nobody() -> None:
    demand_lead(None, ())
    demand_lead("amal", {"amal", "bela"})
    with pytest.raises(Malformed) as refused:
        demand_lead("cora", {"amal", "bela"})
    assert (refused.value.field, refused.value.allowed) == ("teams.lead_id", ("amal", "bela"))
