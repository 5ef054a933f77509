"""Fetches feeds and article pages under guard and parses them into values. All input is hostile."""
