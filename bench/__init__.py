"""Measurements of speed and memory, each beside the machine's own limits in the same run."""
