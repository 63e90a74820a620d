"""What the notifications service does: tell, deliver, take up, keep addresses."""
