"""Feeds and article pages: fetched under guard, parsed into values. Everything that comes in here is hostile input."""
