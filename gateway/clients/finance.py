"""What the gateway knows of finance."""

NAME = "finance"
PREFIXES = (
    "/accounts",
    "/advances",
    "/ageing",
    "/bank-lines",
    "/bank-statements",
    "/credit-notes",
    "/dunning",
    "/invoices",
    "/payments",
    "/journal-entries",
    "/general-ledger",
    "/trial-balance",
    "/period-lock",
    "/tax-report",
    "/exchange-rates",
)


def account(customer_id: str) -> str:
    """Return the address of a customer's account: limit, exposure, what is open."""
    return f"/api/v1/accounts/{customer_id}"
