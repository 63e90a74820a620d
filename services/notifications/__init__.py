"""Telling people what they must know: in the application, and by e-mail."""
