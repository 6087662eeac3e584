"""Price what a customer wants: look up what may price it, try it all, and say why; nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.money import Money
from services.sales.domain import line_pricing as rules
from services.sales.domain.audience import Buyer
from services.sales.domain.errors import UnknownCustomer
from services.sales.domain.gifts import Place
from services.sales.domain.items import Customer, Item
from services.sales.domain.line_pricing import Offer, Pen, RequestedLine, TriedLine
from services.sales.domain.options import Option, settle_options
from services.sales.domain.pricing import PriceTrace, find_price, occasion_for
from services.sales.domain.promoting import places
from services.sales.domain.promotion_errors import CouponUsedUp, UnknownCoupon
from services.sales.domain.quotation_line import QuotationLine
from services.sales.domain.taxes import TaxRule
from services.sales.store import customers, items, policies, promotions
from services.sales.store.policies import NO_RULES
from services.sales.use_cases.tax_lines import tax_lines


@dataclass(frozen=True)
class Wish:
    """What a customer wants priced, as of which day, by whom, and by which channel."""

    customer: Customer
    lines: tuple[RequestedLine, ...]
    on: date
    pen: Pen
    channel: str | None = None
    coupon: str | None = None

    @property
    def buyer(self) -> Buyer:
        """The customer as prices and promotions see him."""
        return Buyer(self.customer.id, self.customer.group, self.channel, self.customer.region)


def customer_shown(tx: Transaction, customer_id: str, only_owner: str | None) -> Customer:
    """Return the customer, if a salesperson who sees ``only_owner``'s customers may serve him."""
    return required_customer(tx, customers.find(tx.connection, customer_id), customer_id, only_owner)


def required_customer(
    tx: Transaction, found: Customer | None, customer_id: str, only_owner: str | None
) -> Customer:
    """Return the customer that was ``found``, on the same terms."""
    if found is None or not customers.is_shown(tx.connection, found, only_owner):
        raise UnknownCustomer(f"there is no customer {customer_id}", field="customer_id")
    return found


@dataclass(frozen=True)
class Priced:
    """The lines with their prices and taxes, and the rule by which the taxes were worked out."""

    lines: tuple[QuotationLine, ...]
    tax_rule: TaxRule


@dataclass(frozen=True)
class Tried:
    """The lines as they would be priced and taxed, and the rule by which the taxes were worked out."""

    lines: tuple[TriedLine, ...]
    tax_rule: TaxRule


def price_lines(tx: Transaction, wish: Wish) -> Priced:
    """Return every line with its price and tax; refuse one without a price, and a coupon that takes nothing off."""
    options = settle_options([line.option for line in wish.lines])
    offer, found = _offer(tx, wish), list(_traced(tx, wish))
    stand = _places(wish, offer, options)
    lines = tuple(
        rules.price_line(
            tx.new_id(),
            index,
            line,
            item,
            rules.settle_price(index, line.unit_price, trace, wish.pen),
            place,
            offer,
            option,
        )
        for index, ((line, item, trace), place, option) in enumerate(zip(found, stand, options, strict=True))
    )
    rules.require_effect(wish.coupon, lines)
    amounts = [(item, line.amount, line.included) for (_, item, _), line in zip(found, lines, strict=True)]
    taxes = tax_lines(tx, wish.customer, wish.on, amounts)
    taxed = (replace(line, tax=tax) for line, tax in zip(lines, taxes.lines, strict=True))
    return Priced(tuple(taxed), taxes.rule)


def try_lines(tx: Transaction, wish: Wish) -> Tried:
    """Return how every line would be priced; one that nothing prices has its trace all the same."""
    offer, found = _offer(tx, wish), list(_traced(tx, wish))
    lines = [
        rules.try_line(index, line, item, trace, place, offer)
        for index, ((line, item, trace), place) in enumerate(zip(found, _places(wish, offer), strict=True))
    ]
    nothing = Money.zero(wish.customer.currency)
    amounts = [(item, line.amount or nothing, True) for (_, item, _), line in zip(found, lines, strict=True)]
    taxes = tax_lines(tx, wish.customer, wish.on, amounts, "on")
    taxed = (
        replace(line, tax=None if line.amount is None else tax)
        for line, tax in zip(lines, taxes.lines, strict=True)
    )
    return Tried(tuple(taxed), taxes.rule)


def _offer(tx: Transaction, wish: Wish) -> Offer:
    """Return the promotions that may be had; refuse a coupon that is none, or that nobody can use any more."""
    if wish.coupon is not None:
        coupon = promotions.find_coupon(tx.connection, wish.coupon)
        if coupon is None:
            raise UnknownCoupon(f"there is no coupon {wish.coupon}", field="coupon")
        if coupon.is_used_up:
            raise CouponUsedUp(
                f"{wish.coupon} was used {coupon.used} times", field="coupon", used=coupon.used
            )
    return Offer(tuple(promotions.for_document(tx.connection, wish.buyer, wish.on, wish.coupon)), wish.coupon)


def _places(wish: Wish, offer: Offer, options: Sequence[Option | None] = ()) -> list[Place]:
    return places(((line.item_id, line.quantity) for line in wish.lines), offer.promotions, options)


def _traced(tx: Transaction, wish: Wish) -> Iterator[tuple[RequestedLine, Item, PriceTrace]]:
    customer, item_ids = wish.customer, [line.item_id for line in wish.lines]
    known = items.known(tx.connection, item_ids)
    found = policies.rules_for(tx.connection, item_ids, wish.buyer)
    for index, line in enumerate(wish.lines):
        item = rules.check_line(index, line, known.get(line.item_id), customer.currency)
        occasion = occasion_for(
            wish.buyer, item.id, customer.currency, line.quantity, wish.on, item.unit_cost
        )
        yield line, item, find_price(occasion, *found.get(item.id, NO_RULES))
