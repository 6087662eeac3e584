"""Who may come in: passwords, sessions, API keys, the keys that sign tokens, and users."""
