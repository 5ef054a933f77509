"""Tells people when a big industrial project really moves."""

__version__ = "0.2.0"
