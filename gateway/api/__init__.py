"""HTTP in: what the gateway itself answers, and what it passes on."""
