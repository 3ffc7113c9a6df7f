"""Packs: what differs between places, as dated data with sources. `loader.py` is the only code at the top."""
