"""Give a customer a link to a quotation, and take it back."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.ids import secret_digest
from services.sales.domain.customer_link import (
    CustomerLink,
    NoLink,
    ShownLink,
    require_delivered,
    require_sent,
)
from services.sales.domain.terms import Terms
from services.sales.store import links, order_types
from services.sales.use_cases.answer_quotation import AboutQuotation, priced_quotation


def link_quotation(tx: Transaction, about: AboutQuotation, token: str, by: str, terms: Terms) -> ShownLink:
    """Make the link that ``token`` opens; the one before it opens nothing any more.

    The quotation is locked first, so that of two who make one at once the later one's stays.
    """
    quotation = priced_quotation(tx, about)
    require_sent(quotation, terms.today(tx.now))
    kind = order_types.known(tx.connection, quotation.order_type, quotation.order_type_version)
    require_delivered(quotation, kind.process)
    links.revoke(tx, quotation.id, by, tx.now)
    link = CustomerLink(
        id=tx.new_id(),
        quotation_id=quotation.id,
        token_hash=secret_digest(token),
        expires_on=quotation.valid_until,
        created_by=by,
        created_at=tx.now,
    )
    links.add(tx, link)
    return ShownLink(**vars(link), token=token)


def revoke_link(tx: Transaction, about: AboutQuotation, by: str) -> None:
    """Close the link; what was done through it stays done."""
    quotation = priced_quotation(tx, about)
    if not links.revoke(tx, quotation.id, by, tx.now):
        raise NoLink(f"{quotation.number} has no link that is open")
