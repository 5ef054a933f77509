"""Turns events, each with its project and date, into claims with a confidence. Pure."""
