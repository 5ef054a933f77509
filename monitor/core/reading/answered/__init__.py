"""Checks a language model's answers about an article against the article's own words."""
