"""A pack in an agency's own time zone: `default--amman@1` is `default@1` with its days counted in Asia/Amman.

The zone is part of the name, so that a case pinned to it is reckoned alike by every service, for years.
See docs/decisions/0350.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from zoneinfo import available_timezones

from domain.policy import Pack

MARK = "--"


def in_zone(pack: Pack, zone: str) -> Pack:
    """The pack itself where its calendar has that zone already, or the zone is not known."""
    word = _words().get(zone)
    if word is None or zone == pack.calendar.zone:
        return pack
    calendar = replace(pack.calendar, zone=zone)
    return replace(pack, name=f"{pack.name.split(MARK)[0]}{MARK}{word}", calendar=calendar)


def plain(pack_id: str) -> str:
    """`default@1` for `default--amman@1`."""
    name, at, version = pack_id.partition("@")
    return name.split(MARK)[0] + at + version


def zone_of(pack_id: str) -> str | None:
    """The zone that the id names; None for a plain one, or a zone nobody knows."""
    word = pack_id.partition("@")[0].partition(MARK)[2]
    return _zones().get(word)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, str]:
    """`Asia/Amman` is `amman`; where two regions have a place of one name, the region is said too."""
    known = [zone for zone in sorted(available_timezones()) if "/" in zone or zone == "UTC"]
    known = [zone for zone in known if not zone.startswith("Etc/")]
    short = {zone: _word(zone.split("/", 1)[-1]) for zone in known}
    often = Counter(short.values())
    return {zone: word if often[word] == 1 else _word(zone) for zone, word in short.items()}


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, str]:
    """Both ways of saying a zone are read: a release of tzdata that adds a place moves no case."""
    whole = {_word(zone): zone for zone in _words()}
    return whole | {word: zone for zone, word in _words().items()}


def _word(place: str) -> str:
    return place.lower().replace("/", "-").replace("_", "-")
