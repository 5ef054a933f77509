"""Readers beside the built-in one: those that an operator names, and one that has doubtful claims settled."""
