"""Scenarios as programs: real cases told in files, played in registries of their own, and compared with their ends."""
