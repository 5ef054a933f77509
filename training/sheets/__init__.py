"""Fact sheets: news articles whose labels are known before they are written."""
