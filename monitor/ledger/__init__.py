"""Stores what is known and what must be sent, on SQLite or PostgreSQL."""
