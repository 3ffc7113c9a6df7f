"""The command line: one module for each command. Read first: `main.py`, then `contents.py`."""
