"""Messages in: one file per publisher."""
