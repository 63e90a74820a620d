"""How the platform reaches the world; no casework words."""
