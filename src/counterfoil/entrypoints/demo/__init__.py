"""The demonstration: nine real transfers and seven NDCs on eleven registries; what the facts leave open is assumed."""
