"""The ways out of a registry: the operator's mail server, and configured addresses of machines."""
