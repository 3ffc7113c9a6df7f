"""Reports on their way out and back: files are read and checked, packages made, answers taken in."""
