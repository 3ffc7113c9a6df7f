"""What a user may do: one module per use case, the queries, and the ports. Read `ports` and `writer` first."""
