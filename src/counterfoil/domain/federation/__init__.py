"""Messages between registries: one transfer, two sovereign books."""
