"""Storage engines, each native behind one contract (`application/ports`) that one suite holds them to."""
