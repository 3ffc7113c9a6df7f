"""House rules, checked by machine. Every message says what to do instead."""
