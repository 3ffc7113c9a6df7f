"""Networks of registries in processes of their own, on loopback, which end by themselves."""
