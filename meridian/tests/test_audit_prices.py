"""What the audit says of prices and coupons: nothing of sound books, and the offender once a figure is changed."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.db import Transaction
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from meridian.audit.again import REPETITIONS
from meridian.audit.run import QUERIES
from services.sales.tests.builders import CHAI, HARBOR, MIGRATIONS, Desk


@pytest.fixture
def desk(make_database: MakeDatabase) -> Desk:
    """Give sales with one order that used a coupon."""
    made = Desk(make_database("sales", MIGRATIONS), SigningKeys.fresh())
    promotion = {"name": "Spring", "currency": "USD", "coupon": "SPRING", "max_uses": 2}
    made.mike.post("/api/v1/promotions", json=promotion | {"percent_off": {"percent": "33.33"}})
    line = {"item_id": CHAI.id, "quantity": "7", "discount_percent": "5"}
    wanted = {"customer_id": HARBOR.id, "coupon": "SPRING", "lines": [line]}
    quotation = made.nancy.post("/api/v1/quotations", json=wanted).json["id"]
    assert made.nancy.post(f"/api/v1/quotations/{quotation}/accept", json={}).status_code == 201
    return made


def complaints(connection: Any) -> set[str]:
    """Return the names of the checks of sales that find an offender."""
    found = {
        path.stem
        for path in sorted((QUERIES / "sales").glob("I0[34]*.sql"))
        if connection.execute(text(path.read_text(encoding="utf-8").partition("\n")[2])).first()
    }
    return found | {
        check.name for check in REPETITIONS if check.store == "sales" and list(check.offenders(connection))
    }


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE quotation_line SET amount_minor = amount_minor + 1", "line_is_what_its_trace_says"),
        ("UPDATE quotation_line SET promotion_minor = promotion_minor + 1", "line_is_what_its_trace_says"),
        ("UPDATE sales_order_line SET amount_minor = amount_minor + 1", "I03_order_line_is_the_quoted_line"),
        ("UPDATE sales_order_line SET promotion_minor = 0", "I03_order_line_is_the_quoted_line"),
        ("UPDATE sales_order_line SET unit_price_e4 = 1", "I03_order_line_is_the_quoted_line"),
        ("UPDATE coupon SET used = 2", "I04_coupon_counts_its_uses"),
        ("UPDATE coupon SET used = 0", "I04_coupon_counts_its_uses"),
        ("DELETE FROM coupon_use", "a_coupon_is_used_where_it_took_something_off"),
        ("UPDATE coupon_use SET given_back_at = used_at", "I04_an_order_uses_its_coupon"),
        ("UPDATE quotation SET coupon = NULL", "I04_an_order_uses_its_coupon"),
        (
            "UPDATE sales_order SET state = 'cancelled', cancel_reason = 'x'",
            "I04_an_order_uses_its_coupon",
        ),
    ],
)
def test_a_changed_figure_is_found_by_its_check(desk: Desk, change: str, found: str) -> None:
    assert desk.database.read(complaints) == set()

    desk.database.transact(partial(apply, statement=change))

    assert found in desk.database.read(complaints)


def apply(tx: Transaction, statement: str) -> None:
    tx.connection.execute(text(statement))
