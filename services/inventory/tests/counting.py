"""The people who count stock, as tests remember them: wim opens and counts, ann counts too, fay decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from sqlalchemy import true

from libs.common.approvals import Sight, Voice
from libs.common.db import Transaction
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.inventory.domain.counting import DOCUMENT, CountedLine, CountRules, StockCount
from services.inventory.domain.items import Item, Warehouse
from services.inventory.tests.builders import TODAY, Shop, q
from services.inventory.use_cases.count_stock import (
    AboutCount,
    EnterCounted,
    OpenCount,
    cancel_count,
    close_count,
    enter_counted,
    open_count,
)
from services.inventory.use_cases.decide_approval import decide_count
from services.inventory.use_cases.set_count_rules import SetCountRules, set_count_rules

ROLES = {"wim": "warehouse", "ann": "warehouse", "fay": "finance", "mia": "sales_manager"}


class Counting:
    """Counting in a shop, through its use cases."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def _do(self, work: Callable[[Transaction], Any]) -> Any:
        return self.shop.do(work)

    def rules(self, tolerance: str | None, *approvers: str) -> CountRules:
        """Set the tolerance."""
        amount = None if tolerance is None else Money.of(tolerance, "USD")
        return self._do(lambda tx: set_count_rules(tx, SetCountRules(amount, approvers, "fay")))

    def open(self, place: Warehouse, *items: Item, by: str = "wim", **more: Any) -> StockCount:
        """Write a sheet."""
        command = OpenCount(place.id, by, tuple(item.id for item in items), **more)
        return self._do(lambda tx: open_count(tx, command))

    def enter(self, count: StockCount, *found: tuple[int, str | int], by: str = "wim") -> StockCount:
        """Enter (line number, quantity)."""
        return self.enter_lines(
            count, *(CountedLine(q(quantity), line_no) for line_no, quantity in found), by=by
        )

    def enter_lines(self, count: StockCount, *lines: CountedLine, by: str = "wim") -> StockCount:
        """Enter lines as they are."""
        return self._do(lambda tx: enter_counted(tx, EnterCounted(count.id, lines, by)))

    def twice(self, count: StockCount, *found: tuple[int, str | int]) -> StockCount:
        """Enter what differs and enter it again."""
        self.enter(count, *found)
        return self.enter(count, *found, by="ann")

    def close(self, count: StockCount, by: str = "wim") -> StockCount:
        """Close the sheet."""
        return self._do(lambda tx: close_count(tx, self.about(count, by)))

    def decide(
        self,
        count: StockCount,
        verdict: Literal["approved", "rejected"],
        by: str = "fay",
        why: str | None = None,
    ) -> StockCount:
        """Say yes or no."""
        about = self.about(count, by)
        sight = Sight((about.me,), (DOCUMENT,), true())
        return self._do(lambda tx: decide_count(tx, about, sight, verdict, why))

    def cancel(self, count: StockCount) -> StockCount:
        """Give the count up."""
        return self._do(lambda tx: cancel_count(tx, self.about(count, "wim"), "the forklift is broken"))

    @staticmethod
    def about(count: StockCount, by: str) -> AboutCount:
        """Return the count as somebody's act."""
        return AboutCount(count.id, Voice(by, frozenset({ROLES[by]})), TODAY)


def differences(count: StockCount) -> list[Quantity]:
    """Return the differences of all lines, in their order."""
    return [line.difference for line in count.lines]
