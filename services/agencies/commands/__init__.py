"""Keeping the directory: what is put is what is there; an event only where something changed."""
