"""A customer's account: what was promised, what is owed, what was paid ahead, and how far credit reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from libs.common.errors import Invalid, NotFound
from libs.common.money import Money, divide_half_up

Status = Literal["ok", "watch", "hold", "stop", "no_check"]
LimitSource = Literal["customer", "group", "company"]


class AccountNotFound(NotFound):
    """No customer account has this id, or the caller may not know of it."""

    code = "account_not_found"


class LimitInvalid(Invalid):
    """A credit limit is negative or in another currency than the account."""

    code = "limit_invalid"


@dataclass(frozen=True)
class Account:
    """One customer's figures, all in the account's one currency.

    ``held``: credit held for orders not yet invoiced. ``receivable``: open amounts of posted invoices.
    ``unallocated``: payments not yet matched to an invoice. ``limit`` None: credit is not checked; ``limit_source``
    says whose it is: set for this customer, that of the customer ``group``, or the company's default.
    ``open_questions`` counts deliveries that leave by how the account stands.
    """

    customer_id: str
    number: str
    name: str
    owner_id: str | None
    currency: str
    limit: Money | None
    held: Money
    receivable: Money
    unallocated: Money
    stopped: bool = False
    stop_reason: str | None = None
    version: int = 1
    group: str | None = None
    limit_source: LimitSource = "company"
    open_questions: int = 0

    @property
    def exposure(self) -> Money:
        """What the company stands to lose; negative when more was paid ahead than is owed or ordered."""
        return self.held + self.receivable - self.unallocated

    @property
    def room(self) -> Money | None:
        """How much more may be held; negative once the limit is passed, ``None`` without a limit."""
        return None if self.limit is None else self.limit - self.exposure

    def fits(self, amount: Money) -> bool:
        """Tell whether ``amount`` may be held now; nothing at all may, unless the account is stopped."""
        if self.stopped:
            return False
        return self.room is None or not amount or amount <= self.room

    @property
    def used_percent(self) -> int | None:
        """The used part of the limit in whole per cent; ``None`` without a limit or with one of nothing."""
        if self.limit is None or not self.limit:
            return None
        return divide_half_up(self.exposure.minor * 100, self.limit.minor)

    def check_limit(self, limit: Money | None) -> None:
        """Refuse a limit that this account cannot have."""
        if limit is None:
            return
        if limit.currency != self.currency:
            raise LimitInvalid(
                f"the account is kept in {self.currency}",
                field="limit.currency",
                cure=f"give the limit in {self.currency}",
            )
        if limit.minor < 0:
            raise LimitInvalid(
                "a credit limit may not be negative",
                field="limit.amount",
                cure="give 0 or more, or null for no check",
            )
