"""How the history's tables changed from version to version."""
