"""Decides who receives a change, where, when, and in which message. Pure."""
