"""The style of pages: data."""
