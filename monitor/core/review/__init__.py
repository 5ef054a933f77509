"""Decisions of operators on what was read, and what operators should look at. Pure."""
