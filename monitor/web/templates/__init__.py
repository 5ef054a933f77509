"""The templates of pages: data."""
