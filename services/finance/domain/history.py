"""Invoices and payments of another system: the same claims and the same money, with the numbers that they had."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from libs.common.errors import Invalid, MeridianError, Refused
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.periods import PeriodLock
from services.finance.domain.terms import require_not_future

_INVOICE_SERIES = re.compile(r"INV-[0-9]+\Z")
_PAYMENT_SERIES = re.compile(r"PAY-[0-9]+\Z")


class NumberOfSeries(Invalid):
    """A number from elsewhere looks like one that this system gives itself, without gaps."""

    code = "number_of_series"
    usual_cure = "give another number"


class NumberTaken(Refused):
    """Another invoice, or payment, has this number."""

    code = "number_taken"


class DeliveryNotRecorded(Refused):
    """An invoice of another system bills a delivery that was not brought in from there."""

    code = "delivery_not_recorded"


class DeliveryInvoiced(Refused):
    """The delivery has its invoice already."""

    code = "delivery_invoiced"


class DueBeforePosted(Invalid):
    """An invoice would be due before the day on which it was posted."""

    code = "due_before_posted"


class PaymentWithoutShares(Invalid):
    """The parts of a payment do not make an amount."""

    code = "payment_without_shares"


@dataclass(frozen=True)
class RecordedDelivery:
    """A delivery of another system: what left of which order line."""

    delivery_id: str
    number: str
    order_id: str
    customer_id: str
    shipped_on: date
    quantities: Mapping[str, Quantity]


@dataclass(frozen=True)
class PastInvoice:
    """An invoice of another system; its amount is the delivery's share of the order."""

    number: str
    delivery_id: str
    posted_on: date
    due_on: date


@dataclass(frozen=True)
class PastShare:
    """A part of a payment: for an invoice, or (``None``) not yet for any."""

    amount: Money
    invoice_id: str | None = None


@dataclass(frozen=True)
class PastPayment:
    """Money that another system recorded; its amount is the sum of its parts."""

    number: str
    customer_id: str
    received_on: date
    reference: str
    shares: tuple[PastShare, ...]

    @property
    def amount(self) -> Money:
        """The whole amount; ``CurrencyMismatch`` when the parts differ in currency."""
        return Money.total((share.amount for share in self.shares), self.shares[0].amount.currency)


def invoice_faults(past: PastInvoice, today: date, lock: PeriodLock) -> Iterator[MeridianError]:
    """Give what is wrong with an invoice in itself, each with its field."""
    if _INVOICE_SERIES.match(past.number):
        yield NumberOfSeries(f"{past.number} is of the series that new invoices get", field="number")
    if past.due_on < past.posted_on:
        yield DueBeforePosted(f"the invoice is of {past.posted_on.isoformat()}", field="due_on")
    yield from _bad_day(past.posted_on, today, lock, "posted_on")


def payment_faults(past: PastPayment, today: date, lock: PeriodLock) -> Iterator[MeridianError]:
    """Give what is wrong with a payment in itself, each with its field (``shares.<place>.<name>``)."""
    if _PAYMENT_SERIES.match(past.number):
        yield NumberOfSeries(f"{past.number} is of the series that new payments get", field="number")
    if not past.shares:
        yield PaymentWithoutShares(f"payment {past.number} has no parts", field="number")
    elif not _is_an_amount(past):
        yield PaymentWithoutShares("the parts together are too much to be booked", field="number")
    yield from _bad_day(past.received_on, today, lock, "received_on")


def _is_an_amount(past: PastPayment) -> bool:
    try:
        return bool(past.amount.currency)
    except ValueError:
        return False


def _bad_day(day: date, today: date, lock: PeriodLock, field: str) -> Iterator[MeridianError]:
    try:
        require_not_future(day, today, field)
        lock.require_open(day, field)
    except MeridianError as fault:
        yield fault
