"""The engine of tests and simulations: nothing is kept."""
