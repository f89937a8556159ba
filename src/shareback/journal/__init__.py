"""The tables: load a slice, append a batch, on SQLite and PostgreSQL."""
