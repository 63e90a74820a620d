"""The services: each keeps its own records and decides on them."""
