"""A referral, until help has arrived."""
