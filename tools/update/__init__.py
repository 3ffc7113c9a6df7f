"""Scripts that generate files which are committed. Each writes one file and can say whether it is current."""
