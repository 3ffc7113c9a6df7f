"""Compliance at home: what an entity owes under a scheme, and which units cover a part of it."""
