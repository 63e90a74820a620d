"""Policy packs for those who write them: checked, shown, compared, and tried on the past."""
