"""Real histories brought in by ``meridian import``, and their figures worked out again from the files."""
