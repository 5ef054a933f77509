"""Who may come in: passwords, accounts, sessions, tokens, and a provider that vouches for people."""
