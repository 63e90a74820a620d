"""What can be done to reviews: load, decide, save, say."""
