"""Telling browsers that something changed: hints of a kind, never the thing itself."""
