"""What the gateway knows of crm."""

NAME = "crm"
PREFIXES = ("/customers",)


def customer(customer_id: str) -> str:
    """Return the address of a customer."""
    return f"/api/v1/customers/{customer_id}"
