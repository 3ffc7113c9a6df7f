"""Mitigation activities and the cooperative approaches they belong to."""
