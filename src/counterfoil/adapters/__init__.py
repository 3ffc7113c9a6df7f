"""How the registry touches the world: one module or folder for each thing outside. The ports are the application's."""
