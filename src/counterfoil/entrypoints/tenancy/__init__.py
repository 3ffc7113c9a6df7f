"""Several registries in one installation: each a whole folder and a process of its own; nothing is shared but code."""
