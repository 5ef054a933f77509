"""Numbers with their units → quantities, and the facts of projects. Pure."""
