"""Translations: data."""
