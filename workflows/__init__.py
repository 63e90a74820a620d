"""The workflows: each keeps time and never decides what is on the record."""
