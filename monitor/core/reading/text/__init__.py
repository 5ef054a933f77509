"""Normalises and splits text, and finds patterns in it. Knows no project and no stage. Pure."""
