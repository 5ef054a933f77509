"""Templates: data."""
