"""Consistency checks of the agreed electronic format: over one submission, one Party's history, and all Parties.

Read first: `registered.py` (the table of checks), then `world.py` (what they look at), then any of the check modules.
"""
