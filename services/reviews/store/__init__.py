"""What the reviews service keeps; the only room that speaks SQL."""
