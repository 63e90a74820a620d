"""Periodic reviews: who meets when on a case, and what was decided."""
