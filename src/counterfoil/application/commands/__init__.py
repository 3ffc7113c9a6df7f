"""One module per use case: read, decide, append."""
