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
OF_BUYING = ("/recommendations", "/better-items", "/purchase-potential")
PREFIXES = (
    "/parked-messages/crm",
    "/customers",
    "/opportunities",
    "/activities",
    "/pipeline",
    "/pipeline-stages",
    "/crm-forms",
    "/customer-imports",
    "/contact-imports",
    "/figures/funnel",
    *OF_LEADS,
    *OF_BUYING,
)
VISITORS = ("/public/web-forms", "/public/calendars")
"""What is open without a login: forms that strangers fill in, and calendars behind their links."""


def customer(customer_id: str) -> str:
    """Return the address of a customer."""
    return f"/api/v1/customers/{customer_id}"


def customer_page(customer_id: str) -> str:
    """Return the address of all that crm knows of a customer."""
    return f"/api/v1/customers/{customer_id}/page"
