"""What the company lets happen when it buys: who may release what alone, and how much more than ordered is taken in."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.errors import Refused
from libs.common.money import Money
from libs.common.quantity import LIMIT_MILLI, Quantity

FULL_BP = 10_000


class SecondPersonNeeded(Refused):
    """Who wrote it may not release it as well: it is worth more than the company lets one person decide."""

    code = "second_person_needed"


@dataclass(frozen=True)
class PurchasingRules:
    """The rules from now on; version 0 are those that come with the product.

    ``approval_limit``: above it, who releases is not who wrote; none: nobody needs a second person.
    ``over_receipt_bp``: how many hundredths of a percent more than ordered are taken in.
    """

    version: int = 0
    approval_limit: Money | None = None
    over_receipt_bp: int = 0

    def require_second_person(self, value: Money | None, wrote: str | None, releases: str | None) -> None:
        """Refuse to let ``releases`` decide alone about what the same person wrote.

        A value that nobody knows, or in another currency than the limit, could be above it and counts as such.
        What nobody wrote, because it came about by itself, anybody may release.
        """
        if wrote is None or wrote != releases or not self._is_above(value):
            return
        raise SecondPersonNeeded(
            "who wrote it may not release it as well",
            cure="let somebody else release it",
            value=value,
            limit=self.approval_limit,
        )

    def _is_above(self, value: Money | None) -> bool:
        if self.approval_limit is None:
            return False
        if value is None or value.currency != self.approval_limit.currency:
            return True
        return value > self.approval_limit

    def most_received(self, ordered: Quantity, decimals: int) -> Quantity:
        """Return the most of ``ordered`` that is taken in, no finer than the item's unit divides."""
        step = 10 ** (3 - decimals)
        more = ordered.milli * self.over_receipt_bp // FULL_BP
        return Quantity(min(ordered.milli + more // step * step, LIMIT_MILLI))
