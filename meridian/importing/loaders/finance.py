"""Credit limits."""

from __future__ import annotations

from libs.common.money import Money
from meridian.importing.batch import Batch
from services.finance.reports.natural_keys import accounts_by_number
from services.finance.settings import read_settings
from services.finance.use_cases.accounts import ChangeLimit, change_limit


def credit_limits(batch: Batch) -> None:
    """Set each customer's limit; an empty one means that credit is not checked."""
    known = accounts_by_number(batch.tx.connection)
    terms = read_settings().terms
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
