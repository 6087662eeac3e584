"""Orders of another system: written down as they were agreed, with nothing to reserve, hold or confirm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from libs.common.errors import MeridianError
from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.sales.domain.amounts import LineAmount, line_amount
from services.sales.domain.errors import AmountTooLarge, CurrencyDiffers, NumberOfSeries, OrderWithoutLines
from services.sales.domain.items import Customer, Item
from services.sales.domain.line_pricing import RequestedLine, check_figures, known_item
from services.sales.domain.order import Order, OrderLine

_SERIES = re.compile(r"SO-[0-9]+\Z")


@dataclass(frozen=True, slots=True)
class PastLine:
    """A line as it was agreed; ``discount_bp`` is in hundredths of a percent."""

    line_no: int
    item_id: str
    quantity: Quantity
    unit_price: Price
    discount_bp: int = 0


@dataclass(frozen=True, slots=True)
class PastOrder:
    """An order of another system, with the number that it had there."""

    number: str
    customer_id: str
    currency: str
    ordered_on: date
    lines: tuple[PastLine, ...]
    promised_on: date | None = None


def faults_of(past: PastOrder, customer: Customer, items: Mapping[str, Item]) -> Iterator[MeridianError]:
    """Give everything for which ``past`` cannot be written down, each with its field (``lines.<place>.<name>``)."""
    if _SERIES.match(past.number):
        yield NumberOfSeries(
            f"{past.number} is of the series that new orders get", field="number", cure="Give another number."
        )
    if past.currency != customer.currency:
        yield CurrencyDiffers(f"customer {customer.number} buys in {customer.currency}", field="currency")
    if not past.lines:
        yield OrderWithoutLines(f"order {past.number} has no lines", field="number")
    for place, line in enumerate(past.lines):
        try:
            _check_line(place, line, items.get(line.item_id), past.currency)
        except MeridianError as fault:
            yield fault


def _check_line(place: int, line: PastLine, item: Item | None, currency: str) -> None:
    """Refuse a line that could never have been agreed; an item that is no longer sold may well have been."""
    requested = RequestedLine(line.item_id, line.quantity, line.discount_bp, line.unit_price)
    check_figures(place, requested, known_item(place, requested, item), currency)
    _worth(place, line)


def _worth(place: int, line: PastLine) -> LineAmount:
    try:
        return line_amount(line.unit_price, line.quantity, line.discount_bp)
    except ValueError:
        raise AmountTooLarge("the line's amount cannot be booked", field=f"lines.{place}.quantity") from None


def record_order(
    past: PastOrder, items: Mapping[str, Item], *, order_id: str, line_ids: Sequence[str], by: str
) -> Order:
    """Return the order that ``past``, which is without fault, becomes: processing until the others say it is done.

    Its conversation is its own. ``AmountTooLarge`` when the lines together cannot be booked.
    """
    worths = [_worth(place, line) for place, line in enumerate(past.lines)]
    try:
        total = Money.total((worth.amount for worth in worths), past.currency)
    except ValueError:
        raise AmountTooLarge("the order's amount cannot be booked", field="number") from None
    return Order(
        id=order_id,
        number=past.number,
        quotation_id=None,
        customer_id=past.customer_id,
        currency=past.currency,
        conversation_id=order_id,
        ordered_on=past.ordered_on,
        promised_on=past.promised_on,
        total=total,
        invoiced=Money.zero(past.currency),
        paid=Money.zero(past.currency),
        rounding_e11=sum(worth.rounding_e11 for worth in worths),
        lines_rounded=sum(worth.was_rounded for worth in worths),
        created_by=by,
        state="processing",
        delivery_status="waiting",
        lines=tuple(
            _line(line_id, line, items[line.item_id], worth.amount)
            for line_id, line, worth in zip(line_ids, past.lines, worths, strict=True)
        ),
    )


def _line(line_id: str, line: PastLine, item: Item, amount: Money) -> OrderLine:
    return OrderLine(
        id=line_id,
        line_no=line.line_no,
        item_id=item.id,
        sku=item.sku,
        name=item.name,
        uom=item.uom,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_bp=line.discount_bp,
        amount=amount,
        promotion=Money.zero(amount.currency),
        shipped=Quantity.zero(),
        invoiced=Quantity.zero(),
        given_up=Quantity.zero(),
    )
