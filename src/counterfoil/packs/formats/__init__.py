"""Report formats: one folder per format and version."""
