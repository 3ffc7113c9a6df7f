"""The special desks in a real browser."""
