"""One module for each kind of rule: the fields that a pack fills in, its faults, and the function that decides."""
