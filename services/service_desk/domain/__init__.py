"""How tickets are routed and worked on: true with the power off."""
