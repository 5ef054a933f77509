"""Sends a message to one destination. Only this package knows Apprise, and no secret leaves it."""
