"""The shipped vocabularies, one file for each language and one for what all share. How to read them: docs/reading.md."""
