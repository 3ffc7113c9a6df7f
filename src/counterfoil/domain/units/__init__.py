"""Units: serial ranges, identifiers with their grammars, unit types, metrics. Read `serials`, then `identifier`."""
