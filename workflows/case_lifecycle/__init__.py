"""The eight steps of a case, in time."""
