"""Fill in the company's own fields of a quotation, and ask for those that are required before it goes on."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.forms import Filling, current, fill_in, find_by_fields, require_full
from services.sales.domain import quotation as rules
from services.sales.domain.approval import DOCUMENT
from services.sales.domain.quotation import Quotation
from services.sales.store import own_fields, quotations
from services.sales.use_cases.answer_quotation import AboutQuotation, locked_quotation


@dataclass(frozen=True)
class FillQuotation:
    """What somebody fills in of a draft."""

    about: AboutQuotation
    filling: Filling
    by: str


def fill_quotation(tx: Transaction, command: FillQuotation) -> Quotation:
    """Fill in fields of a draft; what was sent, or waits for a yes, stays as those who decide on it know it.

    Who fills in something is among those who wrote the quotation: it may decide who is asked about it.
    """
    quotation = locked_quotation(tx, command.about)
    rules.require_draft(quotation, "filled in")
    before = own_fields.of_quotation(tx.connection, quotation.id)
    said = fill_in(tx, DOCUMENT, before, command.filling, in_full=False)
    if said.values == before.values:
        return quotation
    saved = quotations.save(tx, quotation)
    own_fields.put(tx, quotation.id, said, command.by)
    find_by_fields(tx, DOCUMENT, quotation.id, before, said)
    return saved


def require_filled_in(tx: Transaction, quotation: Quotation) -> None:
    """Refuse to let a draft go on that does not say all that is required of quotations of its day."""
    form = current(tx.connection, DOCUMENT)
    if form.version:
        require_full(form, own_fields.of_quotation(tx.connection, quotation.id).values, quotation.issued_on)
