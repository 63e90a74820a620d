"""The promises made to others: events, envelope, policy packs, schemas."""
