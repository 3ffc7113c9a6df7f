"""Tools of the maintainers: run from the repository, never installed."""
