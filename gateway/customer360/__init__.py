"""Everything about one customer on one page: a section per service, each with its own state and time."""
