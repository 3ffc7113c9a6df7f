"""The journeys of the people of the registry, as they walk them in a real browser."""
