"""What is true of prices, quotations and orders with the power off: no clock, no database, no framework."""
