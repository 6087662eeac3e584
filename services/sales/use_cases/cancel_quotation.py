"""Take a quotation back: who sells does not offer it any more. What the customer answers is another thing."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.sales.domain import quotation as rules
from services.sales.domain.quotation import Quotation
from services.sales.events import QuotationCancelled
from services.sales.store import quotations
from services.sales.use_cases.answer_quotation import AboutQuotation, locked_quotation
from services.sales.use_cases.follow_ticket import tell_ticket_quotation
from services.sales.use_cases.need_approval import close_approval


def cancel_quotation(tx: Transaction, about: AboutQuotation, reason: str) -> Quotation:
    """Cancel an open quotation, under the lock that an acceptance takes too: one of the two is too late."""
    before = locked_quotation(tx, about)
    quotation = quotations.save(tx, rules.cancel(before, reason))
    close_approval(tx, before, "the quotation was cancelled")
    cancelled = QuotationCancelled(quotation.id, quotation.number, reason)
    publish(tx, cancelled, correlation_id=quotation.id)
    tell_ticket_quotation(tx, quotation, "cancelled", reason)
    return quotation
