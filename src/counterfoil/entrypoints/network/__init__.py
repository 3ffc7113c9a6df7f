"""A network of registries on one machine: separate processes that know of each other only what they sign."""
