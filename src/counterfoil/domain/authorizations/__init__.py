"""Authorizations as data that governs: what a Party allowed, for whom, for which use, until when."""
