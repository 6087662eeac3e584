"""What the gateway knows of the service desk."""

NAME = "service_desk"
PREFIXES = (
    "/parked-messages/service-desk",
    "/installed-items",
    "/tickets",
    "/satisfaction",
    "/mails",
    "/articles",
    "/deadlines",
    "/sla-policy",
    "/sla-figures",
    "/ticket-intake",
    "/ticket-routing",
    "/ticket-classifier",
    "/desk-roster",
    "/lookup",
    "/warranties",
    "/customers/*/service-summary",
)
VISITORS = ("/public/tickets",)
"""What is open to whoever has a customer's link to a ticket, without a login."""


def summary(customer_id: str) -> str:
    """Return the address of what a customer holds and has complained about."""
    return f"/api/v1/customers/{customer_id}/service-summary"
