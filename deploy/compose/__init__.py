"""The platform by Docker Compose: its secrets and an example of its settings."""
