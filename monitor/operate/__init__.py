"""The health of the monitor itself."""
