"""Derives changes from what is known before and after. Pure."""
