"""Work out how an order would read after a change: what it costs, by which rules, and who would have to approve it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from libs.common.approvals import Facts, Flow, current_flows, matching
from libs.common.db import Transaction
from libs.common.errors import MeridianError
from libs.common.money import Price
from libs.common.quantity import Quantity
from services.sales.domain import change_errors as errors
from services.sales.domain.amending import (
    NewTerms,
    added_line,
    amended,
    largest_discount,
    on_new_terms,
    open_promotion,
)
from services.sales.domain.approval import DOCUMENT as QUOTATION
from services.sales.domain.approval import asked_by_type
from services.sales.domain.errors import QuantityNotPositive
from services.sales.domain.items import Customer, Item
from services.sales.domain.line_pricing import Pen, RequestedLine, check_granularity
from services.sales.domain.order import Order, OrderLine
from services.sales.domain.order_change import (
    LineChange,
    check_changeable,
    check_source,
    require_something_left,
)
from services.sales.domain.order_type import Process
from services.sales.domain.quotation import check_line_count
from services.sales.domain.quotation_line import QuotationLine
from services.sales.domain.terms import Terms
from services.sales.store import customers, items, order_changes, order_types, own_fields
from services.sales.use_cases.price_lines import Wish, price_lines

AS_BEFORE = date.min
"""In place of a promised day: it stays."""


@dataclass(frozen=True)
class WantedLine:
    """What is to be of a line of the order; what is ``None`` stays.

    ``reprice``: what has not left costs what the policies say today. ``remove``: what has not left is not wanted.
    """

    line_no: int
    quantity: Quantity | None = None
    unit_price: Price | None = None
    discount_bp: int | None = None
    reprice: bool = False
    remove: bool = False


@dataclass(frozen=True)
class Wanted:
    """What is to be of an order: other terms for lines, more lines, another promised day."""

    pen: Pen
    lines: tuple[WantedLine, ...] = ()
    added: tuple[RequestedLine, ...] = ()
    promised_on: date | None = AS_BEFORE


@dataclass(frozen=True)
class Drawn:
    """An order before and after a change, the lines of it that change, and who would have to approve it."""

    before: Order
    after: Order
    lines: tuple[LineChange, ...]
    process: Process
    facts: Facts
    flows: tuple[Flow, ...]


def draw_up(tx: Transaction, order: Order, wanted: Wanted, terms: Terms) -> Drawn:
    """Return what the change would make of the order; nothing is stored. The order is given with its lines."""
    process = order_types.known(tx.connection, order.order_type, order.order_type_version).process
    check_changeable(order, process)
    customer = customers.find(tx.connection, order.customer_id)
    assert customer is not None, "an order's customer is never forgotten"
    lines = tuple(_changed(tx, order, customer, wanted, terms))
    promised = order.promised_on if wanted.promised_on == AS_BEFORE else wanted.promised_on
    if not lines and promised == order.promised_on:
        raise errors.NothingChanges(f"{order.number} would stay as it is", field="lines")
    check_source(order, process, lines)
    after = _after(order, lines, promised)
    require_something_left(order, after)
    check_line_count(len(after.lines))
    facts, flows = _approval(tx, order, after, lines, customer, process)
    return Drawn(order, after, lines, process, facts, flows)


def _after(order: Order, lines: Sequence[LineChange], promised: date | None) -> Order:
    gone = {each.line.id for each in lines}
    stays = [line for line in order.lines if line.id not in gone]
    return amended(order, [*stays, *(each.after for each in lines if each.after is not None)], promised)


def _changed(
    tx: Transaction, order: Order, customer: Customer, wanted: Wanted, terms: Terms
) -> Iterator[LineChange]:
    found = list(_named(order, wanted.lines))
    anew = [(place, line, want) for place, line, want in found if _priced_anew(line, want)]
    requested = [(f"lines.{place}", _requested(place, line, want)) for place, line, want in anew]
    requested += [(f"added.{place}", line) for place, line in enumerate(wanted.added)]
    priced = _priced(tx, order, customer, requested, wanted.pen, terms)
    by_line = {line.id: each for (_, line, _), each in zip(anew, priced, strict=False)}
    known = items.known(tx.connection, [line.item_id for _, line, _ in found])
    for place, line, want in found:
        change = _line_change(order, (place, line, want), known[line.item_id], by_line.get(line.id))
        if change is not None:
            yield change
    next_no = order_changes.last_line_no(tx.connection, order) + 1
    for offset, each in enumerate(priced[len(anew) :]):
        yield LineChange(None, added_line(next_no + offset, each, order.tax_rule), each.trace_data)


def _named(order: Order, wanted: Sequence[WantedLine]) -> Iterator[tuple[int, OrderLine, WantedLine]]:
    """Yield each line that is to change, and refuse what no line can be."""
    known, seen = {line.line_no: line for line in order.lines}, set()
    for place, want in enumerate(wanted):
        where = f"lines.{place}"
        line = known.get(want.line_no)
        if line is None:
            raise errors.UnknownOrderLine(
                f"{order.number} has no line {want.line_no}", field=f"{where}.line_no"
            )
        if line.id in seen:
            raise errors.LineChangedTwice(f"line {want.line_no} is named twice", field=f"{where}.line_no")
        seen.add(line.id)
        others = (want.quantity, want.unit_price, want.discount_bp)
        if (want.remove and (want.reprice or any(each is not None for each in others))) or (
            want.reprice and want.unit_price is not None
        ):
            raise errors.LineChangeContradicts(f"line {want.line_no} is to be two things", field=where)
        _check_quantity(where, line, want.quantity)
        yield place, line, want


def _check_quantity(where: str, line: OrderLine, quantity: Quantity | None) -> None:
    if quantity is None:
        return
    field = f"{where}.quantity"
    if quantity.milli <= 0:
        raise QuantityNotPositive("a quantity is more than zero", field=field, cure="remove the line instead")
    if quantity < line.shipped:
        raise errors.BelowShipped(
            f"{line.shipped} {line.uom} of {line.sku} have left", field=field, shipped=line.shipped
        )


def _priced_anew(line: OrderLine, want: WantedLine) -> bool:
    given = want.unit_price is not None and want.unit_price != line.unit_price
    return want.reprice or given


def _requested(place: int, line: OrderLine, want: WantedLine) -> RequestedLine:
    """Return what of the line has not left, as it is priced anew."""
    rest = (line.quantity if want.quantity is None else want.quantity) - line.shipped
    if not rest:
        raise errors.NothingLeftOfLine(
            f"all of line {line.line_no} has left", field=f"lines.{place}.unit_price"
        )
    discount = line.discount_bp if want.discount_bp is None else want.discount_bp
    return RequestedLine(line.item_id, rest, discount, want.unit_price)


def _priced(
    tx: Transaction,
    order: Order,
    customer: Customer,
    requested: Sequence[tuple[str, RequestedLine]],
    pen: Pen,
    terms: Terms,
) -> tuple[QuotationLine, ...]:
    """Price lines as lines of a quotation of today are priced; a fault names the field of the change."""
    if not requested:
        return ()
    channel = order_changes.channel_of(tx.connection, order)
    wish = Wish(customer, tuple(line for _, line in requested), terms.today(tx.now), pen, channel)
    try:
        priced = price_lines(tx, wish)
    except MeridianError as fault:
        fault.field = _field(fault.field, [where for where, _ in requested])
        raise
    if priced.tax_rule.prices != order.tax_rule.prices:
        raise errors.TaxRuleChanged(
            f"prices are {priced.tax_rule.prices} of tax now, those of {order.number} {order.tax_rule.prices}",
            field=requested[0][0],
        )
    return priced.lines


def _field(field: str | None, places: Sequence[str]) -> str | None:
    head, _, rest = (field or "").partition(".")
    number, _, name = rest.partition(".")
    if head != "lines" or not number.isdigit() or int(number) >= len(places):
        return field
    return f"{places[int(number)]}.{name}" if name else places[int(number)]


def _line_change(
    order: Order, named: tuple[int, OrderLine, WantedLine], item: Item, priced: QuotationLine | None
) -> LineChange | None:
    """Return what becomes of a line; nothing where it stays as it is."""
    place, line, want = named
    quantity = line.shipped if want.remove else want.quantity or line.quantity
    if not quantity:
        return LineChange(line, None)
    check_granularity(quantity, item, f"lines.{place}.quantity")
    terms = _terms(line, want, quantity, priced)
    if terms == _terms(line, WantedLine(line.line_no), line.quantity, None):
        return None
    if terms.discount_bp != line.discount_bp and quantity == line.shipped:
        raise errors.NothingLeftOfLine(
            f"all of line {line.line_no} has left", field=f"lines.{place}.discount_percent"
        )
    after = on_new_terms(line, terms, order.tax_rule, f"lines.{place}.quantity")
    return LineChange(line, after, priced.trace_data if priced else None)


def _terms(line: OrderLine, want: WantedLine, quantity: Quantity, priced: QuotationLine | None) -> NewTerms:
    if priced is not None:
        return NewTerms(quantity, priced.unit_price, priced.discount_bp, priced.promotion, priced.unit_cost)
    discount = line.discount_bp if want.discount_bp is None else want.discount_bp
    return NewTerms(quantity, line.unit_price, discount, open_promotion(line, quantity), line.unit_cost)


def _approval(
    tx: Transaction,
    order: Order,
    after: Order,
    lines: Sequence[LineChange],
    customer: Customer,
    process: Process,
) -> tuple[Facts, tuple[Flow, ...]]:
    """Return what the amended order says to the flows of quotations, and those that have to be asked about it.

    One that applied before is asked again only where there is something new to decide: more money, a larger discount,
    a smaller margin, or a price that was set by hand.
    """
    flows = asked_by_type(current_flows(tx.connection, QUOTATION), process)
    if not flows:
        return {}, ()
    by_hand = order_changes.overridden(tx.connection, order)
    set_now = {each.line.line_no for each in lines if _set_by_hand(each)}
    still = (by_hand - {each.line.line_no for each in lines if each.trace is not None}) | set_now
    own = own_fields.facts_of(tx.connection, {"was": _asked_about(order), "now": _asked_about(after)})
    was = _facts(order, customer, bool(by_hand)) | own["was"]
    now = _facts(after, customer, bool(still)) | own["now"]
    again = bool(set_now) or _is_more(was, now)
    needed = matching(flows, now)
    had = {flow.name for flow in matching(flows, was)}
    return now, tuple(flow for flow in needed if again or flow.name not in had)


def _set_by_hand(each: LineChange) -> bool:
    return each.trace is not None and each.trace["source"] == "override"


def _asked_about(order: Order) -> own_fields.AskedAbout:
    items = frozenset(line.item_id for line in order.lines)
    return own_fields.AskedAbout(order.quotation_id, order.customer_id, items)


def _facts(order: Order, customer: Customer, by_hand: bool) -> dict[str, Any]:
    return {
        "total": order.total,
        "currency": order.currency,
        "largest_discount": largest_discount(order.lines),
        "margin_percent": order.margin_bp,
        "price_overridden": by_hand,
        "customer_id": customer.id,
        "owner_id": customer.owner_id,
        "order_type": order.order_type,
    }


def _is_more(was: Facts, now: Facts) -> bool:
    margins = (was["margin_percent"], now["margin_percent"])
    less_margin = margins[1] is None or (margins[0] is not None and margins[1] < margins[0])  # type: ignore[operator]
    grew = any(now[name] > was[name] for name in ("total", "largest_discount"))  # type: ignore[operator]
    return grew or (less_margin and margins[0] is not None)
