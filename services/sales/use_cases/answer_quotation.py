"""What becomes of a quotation: it is declined, or its time runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.sales.domain import quotation as rules
from services.sales.domain.errors import QuotationNotFound
from services.sales.domain.quotation import Quotation
from services.sales.domain.versions import require_version
from services.sales.events import QuotationDeclined, QuotationExpired
from services.sales.store import quotations
from services.sales.use_cases.follow_ticket import tell_ticket_quotation
from services.sales.use_cases.need_approval import close_approval


@dataclass(frozen=True)
class AboutQuotation:
    """Which quotation, as which version if the caller says so; ``only_owner`` as in ``IssueQuotation``."""

    quotation_id: str
    only_owner: str | None = None
    expected_version: int | None = None


def locked_quotation(tx: Transaction, about: AboutQuotation) -> Quotation:
    """Return the quotation, locked, if the caller may know of it and has seen it as it is."""
    return _seen(about, quotations.lock(tx.connection, about.quotation_id, about.only_owner))


def priced_quotation(tx: Transaction, about: AboutQuotation) -> Quotation:
    """Return the quotation on the same terms, without how its lines came to their prices."""
    return _seen(about, quotations.lock_priced(tx.connection, about.quotation_id, about.only_owner))


def _seen(about: AboutQuotation, found: Quotation | None) -> Quotation:
    if found is None:
        raise QuotationNotFound(f"there is no quotation {about.quotation_id}")
    require_version(found.number, found.version, about.expected_version)
    return found


def decline_quotation(tx: Transaction, about: AboutQuotation, reason: str | None) -> Quotation:
    """Note that the customer does not want it."""
    before = locked_quotation(tx, about)
    quotation = quotations.save(tx, rules.decline(before, reason))
    close_approval(tx, before, "the quotation was declined")
    declined = QuotationDeclined(quotation.id, quotation.number, reason)
    publish(tx, declined, correlation_id=quotation.id)
    tell_ticket_quotation(tx, quotation, "declined", reason)
    return quotation


def expire_overdue(tx: Transaction, today: date, limit: int) -> int:
    """Expire open quotations whose last day lies before ``today``, up to ``limit``; return how many."""
    overdue = sorted(quotations.overdue(tx.connection, today, limit))
    return sum(_expire(tx, quotation_id, today) for quotation_id in overdue)


def _expire(tx: Transaction, quotation_id: str, today: date) -> bool:
    found = quotations.lock(tx.connection, quotation_id)
    if found is None or found.state not in rules.OPEN or found.valid_until >= today:
        return False
    quotation = quotations.save(tx, rules.expire(found))
    close_approval(tx, found, "the quotation expired")
    publish(tx, QuotationExpired(quotation.id, quotation.number), correlation_id=quotation.id)
    tell_ticket_quotation(tx, quotation, "expired")
    return True
