"""The only SQL about referrals, and about what is known here of cases and providers."""

from services.referrals.store.tables import metadata

__all__ = ["metadata"]
