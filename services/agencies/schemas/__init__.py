"""The directory's entries as they travel over HTTP."""
