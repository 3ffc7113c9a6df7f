"""Acts, proposals and tasks, as officers do them in a real browser."""
