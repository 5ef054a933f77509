"""Tools that make the data a reader is trained on. None of it is part of the installed program."""
