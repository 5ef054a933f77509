"""Turns numbers with units into quantities, and these into facts of projects. Pure."""
