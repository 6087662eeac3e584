"""Finance: the only truth of credit limits and exposure, invoices, receivables, payments and the ledger."""
