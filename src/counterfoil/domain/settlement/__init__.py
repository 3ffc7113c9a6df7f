"""Trades on exchanges and their delivery inside the registry."""
