"""The demonstration: nine real transfers between nine registries, played with what the facts leave open assumed."""
