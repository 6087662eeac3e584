"""What the gateway knows of finance."""

NAME = "finance"
APPROVALS = "/api/v1/finance-approvals"
"""Where its approvals are listed."""
PREFIXES = (
    "/parked-messages/finance",
    "/credit-limit-imports",
    "/accounts",
    "/advances",
    "/ageing",
    "/bank-lines",
    "/bank-statements",
    "/credit-group-limits",
    "/credit-notes",
    "/credit-overrides",
    "/credit-policy",
    "/credit-what-if",
    "/customers/*/statement.pdf",
    "/dunning",
    "/finance-approval-delegations",
    "/finance-approval-fields",
    "/finance-approval-flows",
    "/finance-approvals",
    "/invoices",
    "/payment-terms",
    "/payments",
    "/journal-entries",
    "/general-ledger",
    "/ledger-accounts",
    "/trial-balance",
    "/period-lock",
    "/tax-report",
    "/exchange-rates",
    "/refunds",
    "/write-off-tolerances",
    "/write-offs",
    "/supplier-invoices",
    "/supplier-credit-notes",
    "/exchange-revaluations",
    "/uninvoiced-receipts",
    "/supplier-payments",
    "/supplier-accounts",
    "/payables-ageing",
    "/figures/receivables",
    "/figures/terms-proposals",
)


def account(customer_id: str) -> str:
    """Return the address of a customer's account: limit, exposure, what is open."""
    return f"/api/v1/accounts/{customer_id}"
