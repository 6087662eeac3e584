"""What the gateway knows of finance."""

NAME = "finance"
PREFIXES = (
    "/accounts",
    "/ageing",
    "/bank-lines",
    "/bank-statements",
    "/credit-notes",
    "/customers/*/statement.pdf",
    "/dunning",
    "/invoices",
    "/payments",
    "/journal-entries",
    "/general-ledger",
    "/ledger-accounts",
    "/trial-balance",
    "/period-lock",
    "/supplier-invoices",
    "/uninvoiced-receipts",
    "/supplier-payments",
    "/supplier-accounts",
    "/payables-ageing",
)


def account(customer_id: str) -> str:
    """Return the address of a customer's account: limit, exposure, what is open."""
    return f"/api/v1/accounts/{customer_id}"
