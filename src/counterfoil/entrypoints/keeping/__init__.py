"""Keeping a registry safe: backup, restore, and the drill that tries both."""
