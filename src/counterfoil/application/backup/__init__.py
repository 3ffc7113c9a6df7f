"""Backups: one file that holds a registry as of one checkpoint, on any engine, and proves what it holds.

Read in this order: `manifest.py`, `parts.py`, `taking.py`, `checking.py`, `rebuilding.py`.
Source: ADR-0017.
"""
