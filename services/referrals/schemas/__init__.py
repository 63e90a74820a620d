"""Referrals as they travel over HTTP; what a viewer may not see is null."""
