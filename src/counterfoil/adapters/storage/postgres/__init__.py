"""The second engine: a schema in a PostgreSQL database. Read `schema` first, then `store`."""
