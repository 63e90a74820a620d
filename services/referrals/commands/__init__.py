"""What people, and the bus, do to a referral: load, decide, save, emit."""
