"""Somebody who may see exactly what is asked for sees it."""

from domain.disclosure import Custody, Viewer, demand_sight, visible_sections
from domain.vocabulary import Role, Section


def test_all_that_may_be_seen_may_be_asked_for_at_once() -> None:
    operations = Viewer("opal", "throughline", None, frozenset({Role.OPERATIONS}))
    elsewhere = Custody("agency-north", "team-a")
    seen = visible_sections(operations, elsewhere)
    assert seen == {Section.REFERENCE, Section.DEADLINES}
    demand_sight(operations, elsewhere, seen)
