"""What the texts say: pure rules and bookkeeping. Nothing here reads a clock, a disk or a network."""
