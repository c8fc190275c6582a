"""PostgreSQL: all that it does otherwise than SQLite. Loaded only where DATABASE_URL names a server."""
