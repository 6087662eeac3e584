"""Service desk: the only truth of what each customer holds, and of the tickets about it."""
