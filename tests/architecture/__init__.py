"""What holds for the whole tree: who may import whom, how large things may grow, and that each part stands alone."""
