"""Credit beyond the limit for one order: by so much at most, until a day, and only when another person agrees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from libs.common.errors import Invalid, NotFound, Refused
from libs.common.money import Money
from services.finance.domain.account import Account
from services.finance.domain.credit import CreditHold

LONGEST_DAYS = 92
Purpose = Literal["order", "delivery"]
OverrideState = Literal["waiting", "approved", "used", "rejected", "withdrawn", "lapsed"]


class OverrideInvalid(Invalid):
    """The amount or the last day of an override cannot be."""

    code = "credit_override_invalid"


class OverrideNotFound(NotFound):
    """There is no such override, or the caller may not know of it."""

    code = "credit_override_not_found"


class OrderNotWaiting(Refused):
    """The order does not wait for credit."""

    code = "order_not_waiting_for_credit"
    usual_cure = "choose an order that GET /api/v1/accounts/{customer_id} shows as waiting"


class OverrideAlive(Refused):
    """The order has an override that waits for its approval, or may still be used."""

    code = "credit_override_alive"
    usual_cure = "have that one decided, or withdraw it"


class OverrideTooSmall(Refused):
    """The order passes the limit by more than the override would allow."""

    code = "credit_override_too_small"


class OverrideExpired(Refused):
    """The override's last day is past: a yes would allow nothing."""

    code = "credit_override_expired"
    usual_cure = "reject it, and ask for a new one"


class OverrideOfStopped(Refused):
    """A person stopped the account: no override reaches beyond that."""

    code = "credit_override_of_stopped"
    usual_cure = "have the stop lifted first"


@dataclass(frozen=True)
class CreditOverride:
    """A request to grant one order although it passes the limit, or although an invoice is overdue.

    ``amount`` is by how much the exposure may pass the limit; nothing where the order fits but for what is overdue.
    It may be used up to and including ``expires_on``, once. With the purpose ``delivery`` it lets the goods of a
    confirmed order leave although the customer is on hold by then.
    """

    override_id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    amount: Money
    reason: str
    expires_on: date
    approval_id: str
    requested_by: str
    requested_at: datetime
    state: OverrideState = "waiting"
    version: int = 1
    purpose: Purpose = "order"

    def is_usable(self, today: date) -> bool:
        """Tell whether it was approved and its last day is not past."""
        return self.state == "approved" and today <= self.expires_on


def needed(account: Account, hold: CreditHold) -> Money:
    """Return by how much the order would pass the limit now."""
    nothing = Money.zero(account.currency)
    return nothing if account.room is None else max(hold.amount - account.room, nothing)


def check_override(
    account: Account,
    hold: CreditHold,
    amount: Money | None,
    expires_on: date,
    today: date,
    for_delivery: Money | None = None,
) -> Money:
    """Return by how much the limit may be passed: ``amount``, or what the order needs; refuse what cannot be.

    ``for_delivery`` is what is needed where the order's goods, not the order, are held back.
    """
    if hold.state != "waiting" and for_delivery is None:
        raise OrderNotWaiting(f"{hold.order_number} is {hold.state}", field="order_id", state=hold.state)
    if account.stopped:
        raise OverrideOfStopped(
            f"the credit of {account.name} is stopped", field="order_id", stop_reason=account.stop_reason
        )
    if not today <= expires_on <= today + timedelta(days=LONGEST_DAYS):
        last = today + timedelta(days=LONGEST_DAYS)
        raise OverrideInvalid(
            f"{expires_on.isoformat()} is past, or more than {LONGEST_DAYS} days ahead",
            field="expires_on",
            cure=f"give {today.isoformat()} to {last.isoformat()}",
        )
    least = needed(account, hold) if for_delivery is None else for_delivery
    return least if amount is None else _checked(amount, least, account.currency)


def _checked(amount: Money, least: Money, currency: str) -> Money:
    if amount.currency != currency:
        raise OverrideInvalid(
            f"the account is kept in {currency}", field="amount.currency", cure=f"give {currency}"
        )
    if amount.minor < 0:
        raise OverrideInvalid(
            "an override of less than nothing cannot be", field="amount.amount", cure="give 0 or more"
        )
    if amount < least:
        raise OverrideTooSmall(
            f"the order passes the limit by {least}",
            field="amount.amount",
            cure=f"give {least} or more, or leave it out",
            needed=least,
        )
    return amount


def approve(override: CreditOverride, today: date) -> CreditOverride:
    """Return the override as approved; refuse one whose last day is past."""
    if today > override.expires_on:
        raise OverrideExpired(
            f"{override.number} was for use until {override.expires_on.isoformat()}",
            field="decision",
            expires_on=override.expires_on,
        )
    return replace(override, state="approved")
