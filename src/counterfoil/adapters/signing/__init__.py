"""Signatures: the registry's key and the check of anybody's."""
