"""The only place that reads the time of day, and the clock that stands still for tests and demonstrations."""
