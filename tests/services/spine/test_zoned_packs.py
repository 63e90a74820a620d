"""A pack in an agency's own zone has a name of its own, which every service reads alike."""

import re
from zoneinfo import available_timezones

import pytest

from domain.errors import Malformed
from domain.vocabulary import PACK_PATTERN
from infrastructure import zoned_packs
from infrastructure.policy_packs import PolicyPacks

PACKS = PolicyPacks.load()
DEFAULT = PACKS.latest("default")


def test_pack_in_another_zone_counts_its_days_there() -> None:
    pack = PACKS.latest("default", "Asia/Amman")
    assert (pack.id, pack.calendar.zone) == ("default--amman@1", "Asia/Amman")
    assert pack.calendar.weekend == DEFAULT.calendar.weekend
    assert PACKS.get(pack.id) == pack


def test_pack_of_that_zone_already_keeps_its_name() -> None:
    assert PACKS.latest("default", DEFAULT.calendar.zone) is DEFAULT


def test_zone_nobody_knows_leaves_the_pack_its_own() -> None:
    assert PACKS.latest("default", "Mars/Olympus") is DEFAULT


def test_pack_goes_from_zone_to_zone_without_growing_a_name() -> None:
    there = PACKS.latest("default", "America/New_York")
    assert there.id == "default--new-york@1"
    assert zoned_packs.in_zone(there, "Asia/Istanbul").id == "default--asia-istanbul@1"


def test_every_zone_can_be_said_and_read_with_every_shipped_pack() -> None:
    for zone in available_timezones():
        for name in ("default", "working-days", "humanitarian"):
            pack = PACKS.latest(name, zone)
            assert re.match(PACK_PATTERN, pack.id), pack.id
            assert PACKS.get(pack.id).calendar == pack.calendar


@pytest.mark.parametrize("named", ["default--nowhere@1", "nobody--amman@1", "default--amman@99"])
def test_zoned_pack_that_is_not_there_is_refused_with_those_that_are(named: str) -> None:
    with pytest.raises(Malformed) as refused:
        PACKS.get(named)
    assert "default@1" in (refused.value.allowed or ())
