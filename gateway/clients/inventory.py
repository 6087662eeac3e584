"""What the gateway knows of inventory."""

NAME = "inventory"
APPROVALS = "/api/v1/inventory-approvals"
"""Where its approvals are listed."""
PREFIXES = (
    "/parked-messages/inventory",
    "/supplier-imports",
    "/item-imports",
    "/warehouse-imports",
    "/stock-imports",
    "/items",
    "/warehouses",
    "/opening-stock",
    "/receipts",
    "/stock-adjustments",
    "/stock",
    "/stock-moves",
    "/reservations",
    "/deliveries",
    "/stock-discrepancies",
    "/carriers",
    "/figures",
    "/pick-lists",
    "/queue-rule",
    "/shelf-life-rules",
    "/returns",
    "/suppliers",
    "/purchasing-rules",
    "/reorder-points",
    "/purchase-requisitions",
    "/purchase-orders",
    "/boms",
    "/production-orders",
    "/item-costs",
    "/inventory-turnover",
    "/inventory-approvals",
    "/inventory-approval-delegations",
    "/inventory-approval-fields",
    "/inventory-approval-flows",
    "/inventory-forms",
    "/stock-counts",
    "/supplier-returns",
    "/returnable-receipts",
    "/stock-count-rules",
    "/transfers",
    "/serials",
    "/customers/*/delivery-summary",
)


def summary(customer_id: str) -> str:
    """Return the address of what a customer was and will be delivered."""
    return f"/api/v1/customers/{customer_id}/delivery-summary"
