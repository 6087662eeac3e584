"""Where two services meet: what one says, the other can read."""
