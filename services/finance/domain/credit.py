"""Credit for orders: one request per order, granted first come first served within the customer's limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from libs.common.money import Money
from services.finance.domain.account import Account, Status

HoldState = Literal["waiting", "granted", "used", "released", "rejected"]
RELEASED = "released"
CURRENCY_MISMATCH = "currency_mismatch"
AMOUNT_NEGATIVE = "amount_negative"
NO_RATE = "no_exchange_rate"
WHY_REJECTED = {
    RELEASED: "the credit of this order was released; a released order cannot be held again",
    CURRENCY_MISMATCH: "the order's currency is not the one that the customer's account is kept in",
    NO_RATE: "the order's currency has no exchange rate to the company's on this day; record one and order again",
    AMOUNT_NEGATIVE: "credit of less than nothing was asked for",
}


@dataclass(frozen=True)
class CreditHold:
    """The credit that one order asked for.

    ``waiting``: asked, no room yet. ``granted``: ``held`` is what is not yet invoiced of it. ``used``: the
    order is fully invoiced. ``released``: given back, or released before it was ever asked for (then
    ``customer_id`` is unknown). ``rejected``: can never be granted, ``reason`` says why. ``queue_no`` is the
    place in the customer's order of asking.
    """

    order_id: str
    customer_id: str | None
    order_number: str | None
    state: HoldState
    amount: Money
    held: Money
    queue_no: int
    correlation_id: str
    asked_at: datetime
    reason: str | None = None
    version: int = 1


@dataclass(frozen=True)
class Wait:
    """Why a request waits, in figures. ``shortfall`` is the room that must come free, for those ahead too."""

    exposure: Money
    limit: Money | None
    shortfall: Money
    status: Status
    position: int


def explain_wait(account: Account, amount: Money, ahead: Money, position: int, status: Status) -> Wait:
    """Return the figures behind a refusal; ``ahead`` is the sum of the earlier waiting requests."""
    missing = Money.zero(account.currency)
    if account.room is not None:
        missing = max(ahead + amount - account.room, missing)
    return Wait(account.exposure, account.limit, missing, status, position)


def why_never(account: Account, amount: Money) -> str | None:
    """Return the code of why no freed room could ever grant ``amount``; ``None`` when it may be granted."""
    if amount.currency != account.currency:
        return CURRENCY_MISMATCH
    return AMOUNT_NEGATIVE if amount.minor < 0 else None


@dataclass(frozen=True)
class Use:
    """What an invoice does to its order's hold: ``given_up`` is no longer held, ``left`` still is.

    ``freed`` is the part given up that became no receivable, which is room for others.
    """

    state: HoldState
    given_up: Money
    left: Money
    freed: Money


def use_for_invoice(hold: CreditHold, invoiced: Money, *, order_fully_invoiced: bool) -> Use:
    """Return what remains of ``hold`` once ``invoiced`` of it became a receivable.

    The invoice takes exactly its own amount; with the last invoice the rest, if any, is freed.
    """
    nothing = Money.zero(hold.held.currency)
    moved = min(invoiced, hold.held)
    if order_fully_invoiced:
        return Use("used", hold.held, nothing, hold.held - moved)
    return Use(hold.state, moved, hold.held - moved, nothing)
