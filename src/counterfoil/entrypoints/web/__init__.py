"""Pages for people: hand-made, without script, in both languages."""
