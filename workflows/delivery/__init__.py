"""Getting a notification to its reader."""
