"""article → claims and facts, each with its sentence. Pure; the languages are data."""
