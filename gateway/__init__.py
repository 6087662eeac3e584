"""The one door: the only truth of users, sessions and API keys. Business facts it only passes on and composes."""
