"""A periodic review, from its convening to its outcome."""
