"""Readers beside the built-in one: the trained one, one on a language model, and those that an operator names."""
