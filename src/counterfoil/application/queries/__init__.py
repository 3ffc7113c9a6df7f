"""Read models: what people and reports ask of the books."""
