"""Down payments: a share of an order that is invoiced as it is confirmed, and deducted from the invoices that follow.

An order line bears its share of the down payment, and each part of the line that is invoiced deducts what the share
grows by with it: by what the part comes to, not by its quantity. A share of at most all, rounded by running sums, never
grows by more than its part does. So no invoice falls below zero, and all of them together are the order, to the unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from libs.common.errors import Refused
from libs.common.money import Money
from services.finance.domain.exchange import Carried
from services.finance.domain.invoicing import Draft, Invoice, InvoiceLine, Order, OrderLine
from services.finance.domain.taxes import Deduction, LineTax, Taxed

WHOLE_BP = 10_000


class DownPaymentCredited(Refused):
    """A down payment is given back by what becomes of its order, not by hand."""

    code = "down_payment_not_credited"
    usual_cure = "cancel the order, or credit the invoices of what was delivered"


@dataclass(frozen=True)
class DownPaymentLine(Taxed):
    """What an order line bears of the down payment: without tax, and the tax."""

    order_line_id: str
    amount: Money
    tax: LineTax | None = None


@dataclass(frozen=True)
class DownPayment:
    """The down payment of an order, and what of it, without tax and in tax, no invoice has deducted."""

    order_id: str
    invoice_id: str
    left_net: Money
    left_tax: Money
    lines: tuple[DownPaymentLine, ...] = ()
    company_net: Money | None = None
    net: Money | None = None

    @property
    def carried(self) -> Carried:
        """What it is carried at in the company's books."""
        return Carried(self.net or self.left_net, self.company_net)


def require_goods(invoice: Invoice) -> None:
    """Refuse to credit the invoice of a down payment by hand: what of it is not deducted goes back by itself."""
    if invoice.kind != "goods":
        raise DownPaymentCredited(f"{invoice.number} is a down payment", field="invoice_id")


def draft_down_payment(order: Order) -> Draft:
    """Return the invoice of the order's down payment: exactly its share of the total, with tax.

    A line bears what the share of all lines up to it grows by, and of its tax likewise, as far as neither part of it
    then passes the line's own.
    """
    lines = tuple(
        _named(place, line, share)
        for place, (line, share) in enumerate(zip(order.lines, _shares(order), strict=True), 1)
    )
    total = Money.total((line.gross for line in lines), order.currency)
    return Draft(lines, total, order_fully_invoiced=False)


def _shares(order: Order) -> Iterator[tuple[Money, LineTax | None]]:
    gross = taken = Money.zero(order.currency)
    tax = taxed = gross
    for line in order.lines:
        gross, tax = gross + line.gross, tax + line.tax_amount
        due = gross.share(order.down_payment_bp, WHOLE_BP) - taken
        wanted = tax.share(order.down_payment_bp, WHOLE_BP) - taxed
        least = max(due - line.amount, Money.zero(order.currency))
        of_tax = min(max(wanted, least), line.tax_amount, due)
        taken, taxed = taken + due, taxed + of_tax
        yield due - of_tax, line.tax and replace(line.tax, amount=of_tax)


def _named(place: int, line: OrderLine, share: tuple[Money, LineTax | None]) -> InvoiceLine:
    amount, tax = share
    return InvoiceLine(
        place, line.order_line_id, line.item_id, line.sku, line.name, line.quantity, amount, tax
    )


def deduct(order: Order, draft: Draft, down_payment: DownPayment) -> Draft:
    """Return the draft of a delivery's invoice with what it deducts of the order's down payment."""
    ordered = {line.order_line_id: line for line in order.lines}
    borne = {line.order_line_id: line for line in down_payment.lines}
    taken = (
        _taken(ordered[line.order_line_id], line, borne[line.order_line_id])
        for line in draft.lines
        if line.order_line_id in borne
    )
    deductions = tuple(each for each in taken if each.amount or each.tax_amount)
    off = Money.total((each.gross for each in deductions), order.currency)
    return replace(draft, deductions=deductions, total=draft.total - off)


def _taken(ordered: OrderLine, part: InvoiceLine, borne: DownPaymentLine) -> Deduction:
    before_tax = ordered.invoiced_tax or Money.zero(part.amount.currency)
    amount = _grows(borne.amount, ordered.amount, ordered.invoiced_amount, part.amount)
    tax = _grows(borne.tax_amount, ordered.tax_amount, before_tax, part.tax_amount)
    return Deduction(part.order_line_id, amount, borne.tax and replace(borne.tax, amount=tax))


def _grows(share: Money, whole: Money, before: Money, part: Money) -> Money:
    """Return what ``share`` of ``whole`` grows by as ``part`` of the whole follows on ``before``."""
    if not whole:
        return share
    return share.share((before + part).minor, whole.minor) - share.share(before.minor, whole.minor)
