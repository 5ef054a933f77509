"""Which projects a text names, and which of them each stretch of it speaks of. Pure."""
