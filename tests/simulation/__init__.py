"""Registries under a simulated clock and network: seeded, replayable, with faults and one that lies."""
