"""What is known and what is owed, on SQLite or PostgreSQL."""
