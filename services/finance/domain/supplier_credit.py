"""Suppliers' credit notes: for goods that went back, or that were invoiced beyond what came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from libs.common.errors import Invalid, NotFound, Refused
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.bought import BoughtLine
from services.finance.domain.ledger import Entry, postings_of
from services.finance.domain.roles import GRNI, INPUT_VAT, PAYABLES, PRICE_DIFFERENCE
from services.finance.domain.supplier_invoice import WrittenLine
from services.finance.domain.supplier_payment import SupplierShare


class SupplierCreditNoteNotFound(NotFound):
    """No credit note of a supplier has this id."""

    code = "supplier_credit_note_not_found"
    usual_cure = "choose one from GET /api/v1/supplier-credit-notes"


class SupplierCreditNoteTwice(Refused):
    """This supplier's credit note was entered before."""

    code = "supplier_credit_note_twice"


class SupplierCreditNoteInvalid(Invalid):
    """The credit note is of nothing, or what it settles does not go together with it."""

    code = "supplier_credit_note_invalid"


class CreditExceedsReturned(Refused):
    """More is credited of a line than was invoiced beyond what is here."""

    code = "credit_exceeds_returned"


class CreditedTooCheap(Refused):
    """Goods are credited at less than they were ordered for, and nobody said why."""

    code = "credited_too_cheap"


class CreditExceedsLeft(Refused):
    """More is to be settled than is left of the credit note."""

    code = "credit_note_exceeded"


@dataclass(frozen=True)
class SupplierCreditNote:
    """What a supplier gives back; ``reference`` is the supplier's own number, ``open`` has settled nothing yet."""

    credit_note_id: str
    number: str
    supplier_id: str
    reference: str
    total: Money
    tax: Money
    open: Money
    credited_on: date
    posted_on: date
    return_id: str | None = None
    reason: str | None = None
    company: Money | None = None
    version: int = 1


def check_credited(
    line: WrittenLine, bought: BoughtLine, place: int, reason: str | None
) -> tuple[Quantity, Money]:
    """Return how much of the line is then still invoiced beyond what is here, and its goods at the order's price.

    Refuse more than was invoiced and is not here, and without a ``reason`` a lower price than the order's.
    """
    beyond = max(bought.invoiced - bought.received, Quantity.zero())
    if line.quantity > beyond:
        raise CreditExceedsReturned(
            f"of {bought.sku} {bought.invoiced} are invoiced and {bought.received} here: {beyond} may be credited",
            field=f"lines.{place}.quantity",
            cure="ship the goods back first, or credit at most that much",
            invoiced=bought.invoiced,
            here=bought.received,
            creditable=beyond,
        )
    if line.unit_price.e4 < bought.unit_price.e4 and reason is None:
        raise CreditedTooCheap(
            f"{bought.sku} was ordered at {bought.unit_price}, and is credited at {line.unit_price}",
            field=f"lines.{place}.unit_price",
            cure="ask the supplier for the rest, or say in reason why it is accepted",
        )
    return beyond - line.quantity, bought.value_between(bought.invoiced - line.quantity, bought.invoiced)


def supplier_credit_entry(note: SupplierCreditNote, cleared: Money) -> Entry:
    """Return the entry of a credit note: what went back is settled, the tax too, and we owe that much less."""
    difference = note.total - note.tax - cleared
    sides = postings_of(
        (PAYABLES, note.total), (GRNI, -cleared), (PRICE_DIFFERENCE, -difference), (INPUT_VAT, -note.tax)
    )
    number = f"{note.number} / {note.reference}"
    return Entry(
        "supplier_credit",
        note.credit_note_id,
        number,
        None,
        note.posted_on,
        sides,
        supplier_id=note.supplier_id,
    )


def settled_entry(
    allocation_id: str,
    number: str,
    supplier_id: str,
    on: date,
    amount: Money,
    company: tuple[tuple[str, Money], ...],
) -> Entry:
    """Return the entry of a credit note of another currency that settles an invoice: only the rates differ.

    ``company`` are its sides in the company's currency, signed.
    """
    sides = postings_of((PAYABLES, amount), (PAYABLES, -amount))
    return Entry(
        "supplier_settled",
        allocation_id,
        number,
        None,
        on,
        sides,
        postings_of(*company),
        supplier_id=supplier_id,
    )


def require_left(note: SupplierCreditNote, shares: Sequence[SupplierShare]) -> None:
    """Refuse to settle more than is left of a credit note, or in another currency."""
    for place, share in enumerate(shares):
        if share.amount.currency != note.total.currency:
            raise SupplierCreditNoteInvalid(
                f"{note.number} is in {note.total.currency}",
                field=f"allocations.{place}.amount.currency",
                cure=f"settle invoices in {note.total.currency}",
            )
    wanted = sum(share.amount.minor for share in shares)
    if wanted > note.open.minor:
        raise CreditExceedsLeft(
            f"{note.number} has {note.open} left",
            field="allocations.0.amount",
            cure="settle no more than is left",
            left=note.open,
        )
