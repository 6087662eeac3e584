"""Sales: the only truth of price policies, quotations, sales orders and the order-to-cash saga."""
