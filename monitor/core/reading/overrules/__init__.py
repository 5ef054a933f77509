"""Applies what an operator knows better than the reader: phrases that always or never mean a claim."""
