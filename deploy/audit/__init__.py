"""Showing that the record of who read and wrote what is whole: chains read through, checkpoints kept outside."""
