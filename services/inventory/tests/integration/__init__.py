"""Use cases on real databases of both engines."""
