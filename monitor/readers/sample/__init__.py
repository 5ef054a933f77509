"""Labelled articles to try a language model on. No reader was trained on them. ``training/sample.py`` draws them."""

from pathlib import Path

#: JSON Lines: id, lang, published, title, text, projects, and labels as ``contracts.labels`` has them.
ARTICLES = Path(__file__).parent / "articles.jsonl"
