"""Measures readings against labels that people gave. Pure."""
