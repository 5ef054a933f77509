"""The API for other programs: the same JSON as the commands print, over HTTP."""
