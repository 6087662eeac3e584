"""What the gateway knows of sales."""

NAME = "sales"
APPROVALS = "/api/v1/approvals"
"""Where its approvals are listed."""
INTAKE = ("/quotations", "/counter-sales")
"""Where work begins that leads to more work: refused first when there is too much of it."""
PREFIXES = (
    "/parked-messages/sales",
    "/price-imports",
    "/price-policies",
    "/promotions",
    "/quotations",
    "/approvals",
    "/approval-flows",
    "/approval-delegations",
    "/approval-fields",
    "/sales-forms",
    "/orders",
    "/counter-sales",
    "/order-types",
    "/order-revenue",
    "/customers/*/sales-summary",
    "/company-profile",
    "/quotation-templates",
    "/tax-codes",
    "/tax-settings",
    "/tax-assignments",
    "/figures/order-revenue",
    "/figures/repurchase",
    "/figures/buyers",
    "/figures/cohorts",
    "/figures/segments",
    "/figures/products",
    "/figures/categories",
    "/figures/process-health",
)
VISITORS = ("/public/quotations",)
"""What is open to whoever has a customer's link, without a login."""


def summary(customer_id: str) -> str:
    """Return the address of what a customer was offered and has ordered."""
    return f"/api/v1/customers/{customer_id}/sales-summary"


def order(order_id: str) -> str:
    """Return the address of a sales order."""
    return f"/api/v1/orders/{order_id}"
