"""The only SQL about agencies, their people, offers, places and pathways. Every load knows the viewer."""

from services.agencies.store.tables import metadata

__all__ = ["metadata"]
