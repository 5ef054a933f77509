"""Writes the message that a person reads, from a change and what is known about its project. Pure."""
