"""Forms, acts, proposals and tasks."""
