"""What was there before a migration is there after it, and means what it meant."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.db import Database, migrate
from libs.common.testing.plugin import MakeDatabase
from services.sales.domain.pricing import recompute
from services.sales.reports.proof import lines_that_disagree
from services.sales.store import policies, quotations
from services.sales.tests.builders import CHAI, HARBOR, MIGRATIONS, an_id, price, usd
from services.sales.tests.unit.test_price_lists import OLD

LONG_AGO = "2026-01-01 00:00:00"
POLICY, QUOTATION = an_id("policy"), an_id("quotation")
ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "customer",
        {"id": HARBOR.id, "number": "C-1", "name": "Harbor", "currency": "USD", "updated_at": LONG_AGO},
    ),
    (
        "price_policy",
        {"id": POLICY, "name": "Own", "revision": 2, "currency": "USD", "customer_id": HARBOR.id,
         "created_by": "mike", "created_at": LONG_AGO, "version": 1},
    ),
    (
        "price_policy_line",
        {"policy_id": POLICY, "item_id": CHAI.id, "min_quantity_milli": 1000, "line_no": 1,
         "unit_price_e4": 180_000},
    ),
    (
        "quotation",
        {"id": QUOTATION, "number": "Q-000001", "state": "sent", "customer_id": HARBOR.id, "currency": "USD",
         "issued_on": date(2026, 3, 2).isoformat(), "valid_until": date(2026, 4, 1).isoformat(),
         "total_minor": 14_250, "rounding_e11": 0, "lines_rounded": 0, "created_by": "mike", "version": 1,
         "created_at": LONG_AGO, "updated_at": LONG_AGO, "revision": 1},
    ),
    (
        "quotation_line",
        {"id": an_id("line"), "quotation_id": QUOTATION, "line_no": 1, "item_id": CHAI.id, "sku": "NW-001",
         "name": "Chai", "uom": "piece", "quantity_milli": 10_000, "unit_price_e4": 150_000, "discount_bp": 500,
         "amount_minor": 14_250, "price_trace": json.dumps(OLD)},
    ),
)  # fmt: skip


@pytest.fixture
def sales(make_database: MakeDatabase) -> Database:
    """Give a database that was filled before there were groups, formulas and promotions, and was migrated then."""
    database = make_database("sales")
    migrate(database, MIGRATIONS, target="0002")
    database.transact(_fill)
    migrate(database, MIGRATIONS)
    return database


def _fill(tx: Any) -> None:
    for table, values in ROWS:
        columns, binds = ", ".join(values), ", ".join(f":{name}" for name in values)
        tx.connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({binds})"), values)


def test_a_policy_of_before_names_whom_it_named(sales: Database):
    found = sales.read(lambda connection: policies.find(connection, POLICY))

    assert found is not None
    assert (found.name, found.revision, found.customer_id) == ("Own", 2, HARBOR.id)
    assert (found.customer_group, found.channel, found.region) == (None, None, None)
    assert [line.unit_price for line in found.lines] == [price("18.00")]


def test_a_line_of_before_is_read_and_worked_out_again(sales: Database):
    found = sales.read(lambda connection: quotations.find(connection, QUOTATION))

    assert found is not None
    (line,) = found.lines
    assert line.trace_data == OLD
    assert recompute(line.price_trace) == line.price_trace
    assert (line.amount, line.promotion, found.channel, found.coupon) == (
        usd("142.50"),
        usd("0.00"),
        None,
        None,
    )
    assert sales.read(lambda connection: list(lines_that_disagree(connection))) == []


def test_a_line_of_before_that_was_changed_since_is_found(sales: Database):
    sales.transact(lambda tx: tx.connection.execute(text("UPDATE quotation_line SET amount_minor = 14251")))

    assert sales.read(lambda connection: list(lines_that_disagree(connection))) == [
        f"{an_id('line')} (amount)"
    ]


def test_what_was_counted_before_is_known_by_who_sold_it(make_database: MakeDatabase) -> None:
    database = make_database("sales")
    migrate(database, MIGRATIONS, target="0019")
    database.transact(_count)
    migrate(database, MIGRATIONS)
    kept = database.read(lambda connection: connection.execute(text(SELLER_MONTHS)).all())
    assert [tuple(row) for row in kept] == [
        ("nancy", "2026-02", "USD", "", 1, 900),
        ("nancy", "2026-03", "USD", "", 2, 3000),
        ("nancy", "2026-03", "USD", "fair", 0, 0),
    ]


SELLER_MONTHS = (
    "SELECT salesperson, month, currency, campaign, orders, net_minor "
    "FROM seller_month ORDER BY month, campaign"
)


def _count(tx: Any) -> None:
    counted = ((2, 28, 1, 900, ""), (3, 1, 1, 1000, ""), (3, 31, 1, 2000, ""), (3, 2, 0, 0, "fair"))
    for n, (month, day, orders, minor, campaign) in enumerate(counted):
        values = {
            "order_id": an_id(f"order {n}"), "number": f"SO-{n}", "customer_id": HARBOR.id, "currency": "USD",
            "day": date(2026, month, day).isoformat(), "salesperson": "nancy", "region": "", "channel": "",
            "customer_group": "", "orders": orders, "net_minor": minor, "costed_minor": 0, "cost_minor": 0,
            "campaign": campaign,
        }  # fmt: skip
        binds = ", ".join(f":{name}" for name in values)
        tx.connection.execute(
            text(f"INSERT INTO counted_order ({', '.join(values)}) VALUES ({binds})"), values
        )
