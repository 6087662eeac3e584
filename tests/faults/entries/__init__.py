"""Workers with one part replaced: real processes, started as production starts them, but for that part."""
