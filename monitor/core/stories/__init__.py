"""Finds articles that report one piece of news in nearly the same words, and what each adds. Pure."""
