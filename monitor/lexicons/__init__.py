"""The shipped vocabularies, one file for each language and one that all share. How to read them: docs/vocabulary.md."""
