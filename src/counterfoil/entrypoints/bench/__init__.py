"""Measurements of this machine, each with its baseline from the same run. Read `run`, then `workload`."""
