"""What the gateway knows of crm."""

NAME = "crm"
PREFIXES = ("/customers", "/opportunities", "/activities", "/pipeline", "/pipeline-stages")


def customer(customer_id: str) -> str:
    """Return the address of a customer."""
    return f"/api/v1/customers/{customer_id}"


def relationship(customer_id: str) -> str:
    """Return the address of a customer's opportunities and conversations."""
    return f"/api/v1/customers/{customer_id}/relationship-summary"
