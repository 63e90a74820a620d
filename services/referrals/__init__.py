"""Referrals: a need passed to the providers of its pathway, followed until help has arrived."""
