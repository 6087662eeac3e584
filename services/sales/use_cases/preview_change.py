"""Try a change of an order: what it would come to, and who would have to approve it; nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from libs.common.db import Transaction
from libs.common.money import Money
from services.sales.domain.errors import OrderNotFound
from services.sales.domain.order_change import LineChange
from services.sales.domain.terms import Terms
from services.sales.domain.versions import require_version
from services.sales.store import orders
from services.sales.use_cases.draw_up_change import Drawn, Wanted, draw_up


@dataclass(frozen=True)
class PreviewChange:
    """Which order would change, as which version if the caller says so, and how; ``only_owner`` as in reading."""

    order_id: str
    wanted: Wanted
    only_owner: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True)
class Preview:
    """What a change would make of an order; ``approvals`` are the flows that would be asked."""

    currency: str
    total_before: Money
    total_after: Money
    tax_before: Money
    tax_after: Money
    promised_before: date | None
    promised_after: date | None
    margin_before: Money | None
    margin_after: Money | None
    margin_percent_before: Decimal | None
    margin_percent_after: Decimal | None
    approvals: tuple[str, ...]
    lines: tuple[LineChange, ...]

    @property
    def difference(self) -> Money:
        """What the order would come to more; below zero where it is less."""
        return self.total_after - self.total_before


def preview_change(tx: Transaction, command: PreviewChange, terms: Terms) -> Preview:
    """Return what the change would make of the order, by the very rules by which it is proposed."""
    order = orders.find(tx.connection, command.order_id, command.only_owner)
    if order is None:
        raise OrderNotFound(f"there is no order {command.order_id}")
    require_version(order.number, order.version, command.expected_version)
    return _preview(draw_up(tx, order, command.wanted, terms))


def _preview(drawn: Drawn) -> Preview:
    before, after = drawn.before, drawn.after
    return Preview(
        currency=before.currency,
        total_before=before.total,
        total_after=after.total,
        tax_before=before.tax,
        tax_after=after.tax,
        promised_before=before.promised_on,
        promised_after=after.promised_on,
        margin_before=before.margin,
        margin_after=after.margin,
        margin_percent_before=before.margin_percent,
        margin_percent_after=after.margin_percent,
        approvals=tuple(flow.name for flow in drawn.flows),
        lines=drawn.lines,
    )
