"""Who belongs where in the directory of agencies."""

import pytest

from domain.directory import demand_team
from domain.errors import Malformed


def test_somebody_belongs_to_a_team_of_the_agency_or_to_none() -> None:
    demand_team(None, ())
    demand_team("team-a", ("team-b", "team-a"))
    with pytest.raises(Malformed) as refused:
        demand_team("team-c", ("team-b", "team-a"))
    assert (refused.value.field, refused.value.allowed) == ("team_id", ("team-a", "team-b"))
