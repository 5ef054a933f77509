"""Which articles tell one piece of news in nearly the same words, and what each of them adds. Pure."""
