"""Ways to other registries."""
