"""The chart of accounts as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from services.finance.domain.chart import ChartAccount, ChartName
from services.finance.store import chart


@dataclass(frozen=True)
class ChartView:
    """By which chart the books are kept, whether that can still be changed, and all of its accounts."""

    chart: ChartName
    version: int
    can_be_changed: bool
    accounts: tuple[ChartAccount, ...]


def chart_now(connection: Connection) -> ChartView:
    """Return the whole chart; accounts in the order of their codes."""
    version, name = chart.chosen(connection)
    return ChartView(name, version, not chart.has_entries(connection), tuple(chart.all_accounts(connection)))
