"""Finds which projects a text names, and which of them each stretch is about. Pure."""
