"""What the gateway knows of crm."""

NAME = "crm"
OF_LEADS = (
    "/leads",
    "/lead-scores",
    "/campaigns",
    "/web-forms",
    "/sales-teams",
    "/territories",
    "/sales-targets",
    "/handovers",
)
PREFIXES = (
    "/customers",
    "/opportunities",
    "/activities",
    "/pipeline",
    "/pipeline-stages",
    "/figures/funnel",
    *OF_LEADS,
)
VISITORS = ("/public/web-forms", "/public/calendars")
"""What is open without a login: forms that strangers fill in, and calendars behind their links."""


def customer(customer_id: str) -> str:
    """Return the address of a customer."""
    return f"/api/v1/customers/{customer_id}"


def relationship(customer_id: str) -> str:
    """Return the address of a customer's opportunities and conversations."""
    return f"/api/v1/customers/{customer_id}/relationship-summary"
