"""First transfer, corresponding adjustment and the emissions balance."""
