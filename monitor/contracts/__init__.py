"""Formats for exchange with other programs: JSON, JSON Lines, CSV, Parquet, Atom, iCalendar, OPML."""
