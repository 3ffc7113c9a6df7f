"""Counterfoil: a registry and book of account for Article 6 units."""

__version__ = "0.1.0"
