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


def page(customer_id: str) -> str:
    """Return the address of all that crm adds to a customer's page."""
    return f"/api/v1/customers/{customer_id}/page"


def relationship(customer_id: str) -> str:
    """Return the address of a customer's opportunities and conversations."""
    return f"/api/v1/customers/{customer_id}/relationship-summary"


def overview(customer_id: str) -> str:
    """Return the address of a customer in figures."""
    return f"/api/v1/customers/{customer_id}/overview"


def suggestions(customer_id: str) -> str:
    """Return the address of what to say next to a customer."""
    return f"/api/v1/customers/{customer_id}/suggestions"
