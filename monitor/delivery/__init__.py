"""A message to one destination. Everything that knows Apprise is in this package; nothing secret leaves it."""
