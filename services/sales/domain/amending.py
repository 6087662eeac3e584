"""How an order reads after a change: what had left keeps its price, the rest has the new terms, sums follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.sales.domain.amounts import LineAmount, line_amount
from services.sales.domain.errors import AmountTooLarge
from services.sales.domain.kept import Kept, cut
from services.sales.domain.order import Order, OrderLine
from services.sales.domain.quotation_line import QuotationLine
from services.sales.domain.taxes import LineTax, TaxRule, tax_of

AMOUNT = "the line's amount cannot be booked"


@dataclass(frozen=True)
class NewTerms:
    """What a line says of all of it (``quantity``) and of what has not left (the rest)."""

    quantity: Quantity
    unit_price: Price
    discount_bp: int
    promotion: Money
    unit_cost: Price | None = None


def open_promotion(line: OrderLine, quantity: Quantity) -> Money:
    """Return what promotions take off the rest of a line once all of it is ``quantity``.

    What was agreed goes down with the quantity, in proportion; what is bought in addition gets none.
    """
    before = line.kept.quantity if line.kept else Quantity.zero()
    had = line.quantity - before
    gone = line.promotion.share((line.shipped - before).milli, had.milli) if had else line.promotion
    rest, wanted = line.quantity - line.shipped, quantity - line.shipped
    left = line.promotion - gone
    return left.share(wanted.milli, rest.milli) if rest and wanted < rest else left


def on_new_terms(line: OrderLine, terms: NewTerms, rule: TaxRule, field: str) -> OrderLine:
    """Return the line with the new terms for what has not left; its tax stays of the code and rate that it has."""
    kept = cut(line, line.shipped)
    try:
        rest = line_amount(terms.unit_price, terms.quantity - line.shipped, terms.discount_bp)
        return _put_together(line, terms, kept, rest.less(terms.promotion), rule)
    except ValueError:
        raise AmountTooLarge(AMOUNT, field=field) from None


def _put_together(
    line: OrderLine, terms: NewTerms, kept: Kept | None, rest: LineAmount, rule: TaxRule
) -> OrderLine:
    amount = rest.amount if kept is None else rest.amount + kept.amount(line.tax)
    return replace(
        line,
        quantity=terms.quantity,
        unit_price=terms.unit_price,
        discount_bp=terms.discount_bp,
        promotion=terms.promotion,
        amount=amount,
        tax=_tax(line.tax, rest.amount, rule, kept),
        kept=kept,
        unit_cost=terms.unit_cost,
    )


def _tax(tax: LineTax | None, rest: Money, rule: TaxRule, kept: Kept | None) -> LineTax | None:
    if tax is None:
        return None
    amount = Money(tax_of(rest.minor, tax.ppm, inclusive=rule.inclusive), rest.currency)
    return replace(tax, amount=amount if kept is None else amount + kept.tax, included=rule.inclusive)


def added_line(line_no: int, priced: QuotationLine, rule: TaxRule) -> OrderLine:
    """Return the order line that a priced line becomes, taxed by itself and by the order's rule."""
    nothing = Quantity.zero()
    return OrderLine(
        id=priced.id,
        line_no=line_no,
        item_id=priced.item_id,
        sku=priced.sku,
        name=priced.name,
        uom=priced.uom,
        quantity=priced.quantity,
        unit_price=priced.unit_price,
        discount_bp=priced.discount_bp,
        amount=priced.amount,
        promotion=priced.promotion,
        shipped=nothing,
        invoiced=nothing,
        given_up=nothing,
        unit_cost=priced.unit_cost,
        tax=_tax(priced.tax, priced.amount, rule, None),
    )


def amended(order: Order, lines: Sequence[OrderLine], promised_on: date | None) -> Order:
    """Return the order with other lines and another promise, and with the sums that follow."""
    try:
        total = Money.total((line.gross for line in lines), order.currency)
    except ValueError:
        raise AmountTooLarge("the order's total cannot be booked", field="lines") from None
    return replace(
        order,
        lines=tuple(sorted(lines, key=lambda line: line.line_no)),
        promised_on=promised_on,
        total=total,
        tax_minor=sum(line.tax_amount.minor for line in lines),
        rounding_e11=sum(line.worth.rounding_e11 for line in lines),
        lines_rounded=sum(line.worth.was_rounded for line in lines),
    )


def raised(before: OrderLine | None, after: OrderLine | None) -> Quantity:
    """Return by how much more of a line is wanted; nothing where it is as much or less."""
    return max(_of(after) - _of(before), Quantity.zero())


def lowered(before: OrderLine | None, after: OrderLine | None) -> Quantity:
    """Return by how much less of a line is wanted; nothing where it is as much or more."""
    return max(_of(before) - _of(after), Quantity.zero())


def _of(line: OrderLine | None) -> Quantity:
    return Quantity.zero() if line is None else line.quantity


def largest_discount(lines: Iterable[OrderLine]) -> int:
    """Return the largest discount of a line, in hundredths of a percent."""
    return max((line.discount_bp for line in lines), default=0)
