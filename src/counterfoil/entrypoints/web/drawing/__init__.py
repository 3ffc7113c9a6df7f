"""Drawings made on the server: numbers in, SVG markup and the same numbers as a table out; no script, no style."""
