"""Whose credit limit counts: the customer's own, else that of the customer's group, else the company's default."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.errors import Invalid
from libs.common.money import Money
from services.finance.domain.account import LimitSource


class GroupLimitInvalid(Invalid):
    """A group's limit is negative or in another currency than it is set for."""

    code = "group_limit_invalid"


@dataclass(frozen=True)
class GroupLimit:
    """What the customers of a group are trusted with in one currency; ``None`` means that credit is not checked.

    One that is not ``active`` was taken back: the company's default counts again.
    """

    group: str
    currency: str
    limit: Money | None
    version: int = 1
    active: bool = True

    def __post_init__(self) -> None:
        if self.limit is None:
            return
        if self.limit.currency != self.currency:
            raise GroupLimitInvalid(
                f"the limit is set for customers of {self.currency}",
                field="currency",
                cure=f"give the limit in {self.currency}, or {self.limit.currency} here",
            )
        if self.limit.minor < 0:
            raise GroupLimitInvalid(
                "a credit limit may not be negative",
                field="limit.amount",
                cure="give 0 or more, or null for no check",
            )


@dataclass(frozen=True)
class Inherited:
    """The limit of a customer who has none of their own, and whose it is."""

    limit: Money | None
    source: LimitSource


def inherited(group_limit: GroupLimit | None, default: Money | None) -> Inherited:
    """Return what counts for a customer of the group, if it has a limit in his currency, else for everybody."""
    if group_limit is not None and group_limit.active:
        return Inherited(group_limit.limit, "group")
    return Inherited(default, "company")
