"""Where a request comes in: command line, HTTP, and the bootstrap that wires a registry together."""
