"""Readers besides the built-in rules: the trained reader, one on a language model, and operators' own readers."""
