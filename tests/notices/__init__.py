"""Telling people: nothing lost, nothing out of order, nothing sent where it should not go."""
