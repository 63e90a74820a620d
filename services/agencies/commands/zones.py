"""Which time zones there are."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.errors import Malformed


def zone_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def demand_zone(zone: str) -> None:
    """Raises Malformed."""
    if not zone_known(zone):
        raise Malformed("Not an IANA time zone, such as Africa/Kampala.", field="zone")
