"""The only SQL about referrals, and about what is known here of cases and providers."""

from services.referrals.store import deadline_requests, enquiry_tables, sharing_tables
from services.referrals.store.tables import metadata

__all__ = ["deadline_requests", "enquiry_tables", "metadata", "sharing_tables"]
