"""What the notifications service keeps; the only room that speaks SQL."""
