"""Looking at payment terms."""

from __future__ import annotations

from sqlalchemy import Connection

from services.finance.domain.payment_terms import PaymentTerms
from services.finance.reports.accounts import require_account
from services.finance.reports.paging import Position
from services.finance.store import dues
from services.finance.store.dues_tables import payment_terms


def list_terms(connection: Connection, *, after: Position | None, limit: int) -> list[PaymentTerms]:
    """Return all terms as they are now, by name."""
    query = dues.current_terms()
    if after is not None:
        query = query.where(payment_terms.c.name > after[0])
    rows = connection.execute(query.order_by(payment_terms.c.name).limit(limit))
    return [dues.to_terms(row) for row in rows]


def terms_name(connection: Connection, customer_id: str, only_owner: str | None) -> str | None:
    """Return by which terms a customer pays; refuse one whom the caller may not know of."""
    require_account(connection, customer_id, only_owner)
    return dues.terms_name_of(connection, customer_id)
