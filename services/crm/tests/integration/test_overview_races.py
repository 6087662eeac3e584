"""One who hears of a customer while his figures are worked out, in every order of statements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from libs.common.testing.interleaving import every_order, interleaved
from services.crm.domain.overview import window_of
from services.crm.store.overview_tables import customer_overview
from services.crm.tests.buying import ZONE, Buying, numbered
from services.crm.tests.pipeline import Pipeline, money
from services.crm.use_cases.refresh_overview import refresh_overview

ONE_AT_A_TIME = "SQLite lets one write at a time: there is nothing to interleave"


@pytest.fixture
def buying(pipeline: Pipeline) -> Buying:
    """Give crm as it hears of invoices, on an engine where two can write at once."""
    if pipeline.desk.database.is_sqlite:
        pytest.skip(ONE_AT_A_TIME)
    return Buying(pipeline)


def test_what_is_heard_while_a_customer_is_worked_out_is_worked_out_too(buying: Buying) -> None:
    database = buying.desk.database
    window = window_of(database.clock.now(), ZONE)
    count = [0]

    def play(at: int, swapped: bool) -> bool:
        who = buying.customer()
        count[0] += 1
        order = numbered("b", count[0])
        data: dict[str, Any] = {
            "invoice_id": numbered("f", count[0]),
            "order_id": order,
            "customer_id": who,
            "number": "INV",
        }
        data |= {"due_on": (buying.today + timedelta(days=9)).isoformat(), "total": money("5.00")}
        message = buying.pipeline.message("finance.invoice.posted.v1", order, data, sequence=1)
        works: list[Any] = [
            lambda: database.transact(lambda tx: refresh_overview(tx, [who], window)),
            lambda: buying.pipeline.receiver.receive([message]),
        ]
        first, second = works[::-1] if swapped else works
        *outcomes, stopped = interleaved(database, first, second, at)
        assert not [each for each in outcomes if isinstance(each, Exception)], outcomes
        query = select(customer_overview).where(customer_overview.c.customer_id == who)
        row = database.read(lambda connection: connection.execute(query).one())
        assert row.due or row.open_minor == 500, row
        return stopped

    assert every_order(play) > 8
