"""The public portal: what everybody may read, and check."""
