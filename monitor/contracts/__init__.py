"""Values as other programs get and give them: JSON, JSON Lines, CSV, Parquet, Atom, iCalendar, OPML."""
