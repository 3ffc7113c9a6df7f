"""Documents and batches of readings, by their SHA-256, beside the journal."""
