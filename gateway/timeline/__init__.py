"""What happened to an order, told by every service's own record, in an order that respects cause and effect."""
