"""Finds what a text says has happened, is to come, or is denied. Pure."""
