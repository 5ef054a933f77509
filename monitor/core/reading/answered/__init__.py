"""What a language model answered about an article, held against the article's own words."""
