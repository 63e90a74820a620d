"""A story played through the real platform: people by HTTP, the clock by Temporal, checked to the minute."""
