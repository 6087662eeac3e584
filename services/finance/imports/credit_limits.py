"""Credit limits."""

from __future__ import annotations

from libs.common.importing import Batch, Format, Loader, may, must, values
from libs.common.money import Money
from services.finance.domain.terms import Terms
from services.finance.reports.natural_keys import accounts_by_number
from services.finance.use_cases.accounts import ChangeLimit, change_limit

CREDIT_LIMITS = Format("credit_limits", "finance", ("customer",), (
    must("customer", values.words(32), "Number of the customer", "K-100"),
    must("currency", values.currency, "The customer's currency", "USD"),
    may("limit", values.amount, "Credit limit; empty for none", "20000.00"),
))  # fmt: skip


def credit_limits(terms: Terms) -> Loader:
    """Return a loader that sets each customer's limit; an empty one means that credit is not checked."""

    def load(batch: Batch) -> None:
        known = accounts_by_number(batch.tx.connection, batch.cells("customer"))
        for row in batch.rows:
            customer_id = batch.look_up(row, "customer", known, "customer")
            if customer_id is None:
                continue
            try:
                limit = None if row["limit"] is None else Money.of(row["limit"], row["currency"])
            except ValueError as error:
                batch.complain(row, "limit", str(error))
                continue
            with batch.taking(row):
                change_limit(batch.tx, ChangeLimit(customer_id, limit), terms)

    return load
