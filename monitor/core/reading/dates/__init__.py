"""Converts words for days and periods to periods, relative to the day of publication. Pure."""
