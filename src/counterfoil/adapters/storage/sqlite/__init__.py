"""The embedded engine: one SQLite file. Read `schema` first, then `store`."""
