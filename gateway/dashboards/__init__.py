"""A dashboard for each role: the figures of its day, of every service at once, each with the way down behind it."""
