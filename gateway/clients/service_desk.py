"""What the gateway knows of the service desk."""

NAME = "service_desk"
PREFIXES = (
    "/installed-items",
    "/tickets",
    "/deadlines",
    "/sla-policy",
    "/sla-figures",
    "/ticket-intake",
    "/ticket-routing",
    "/ticket-classifier",
    "/lookup",
    "/warranties",
    "/customers/*/service-summary",
)


def summary(customer_id: str) -> str:
    """Return the address of what a customer holds and has complained about."""
    return f"/api/v1/customers/{customer_id}/service-summary"
