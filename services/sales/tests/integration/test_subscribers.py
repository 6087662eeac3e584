"""Messages in: replicas, refusals that are parked with their reason, and the settings of the processes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from libs.common.inbox.tables import parked
from libs.common.settings import BadSettings
from services.sales.app import NOUNS
from services.sales.settings import read_terms
from services.sales.store import customers, items
from services.sales.tests.answering import Others
from services.sales.tests.builders import CHAI, HARBOR, JANET, Desk, an_id, qty, settings
from services.sales.worker import JOBS, SUBSCRIPTIONS


def test_items_are_noted_and_changed(desk: Desk):
    tea = an_id("tea")
    data = {
        "item_id": tea,
        "sku": "NW-050",
        "name": "Tea",
        "category": "Beverages",
        "uom": "kg",
        "decimals": 3,
        "active": True,
        "lot_tracked": False,
    }
    desk.hear(desk.message("inventory.item.registered.v1", tea, data))
    desk.hear(
        desk.message("inventory.item.details_changed.v1", tea, data | {"active": False, "name": "Old tea"})
    )

    found = desk.database.read(lambda connection: items.known(connection, [tea, CHAI.id, an_id("ghost")]))
    assert set(found) == {tea, CHAI.id}
    assert (found[tea].name, found[tea].active, found[tea].decimals) == ("Old tea", False, 3)


def test_customers_are_noted_and_change_hands(desk: Desk):
    data = {
        "customer_id": HARBOR.id,
        "number": "C-000001",
        "name": "Harbor Pumps Ltd",
        "owner_id": None,
        "currency": "USD",
        "country": "UK",
        "city": None,
    }
    desk.hear(desk.message("crm.customer.details_changed.v1", HARBOR.id, data))
    handover = {"customer_id": HARBOR.id, "owner_id": JANET, "previous_owner_id": None}
    desk.hear(desk.message("crm.customer.owner_changed.v1", HARBOR.id, handover))

    found = desk.database.read(lambda connection: customers.find(connection, HARBOR.id))
    assert (found.name, found.owner_id) == ("Harbor Pumps Ltd", JANET)


def test_a_handover_of_an_unknown_customer_waits(desk: Desk):
    ghost = an_id("ghost")
    data = {"customer_id": ghost, "owner_id": JANET, "previous_owner_id": None}

    receipt = desk.receiver.receive([desk.message("crm.customer.owner_changed.v1", ghost, data)])

    assert receipt.parked == 1


def test_facts_about_an_order_that_was_never_placed_are_parked_with_the_reason(desk: Desk):
    known = Others(desk, desk.order())
    for message in (known.shipped(), known.invoiced(), known.paid()):
        unknown = an_id(message.type)
        forged = desk.message(message.type, unknown, message.data | {"order_id": unknown})
        assert desk.receiver.receive([forged]).parked == 1

    rows = desk.database.read(lambda connection: connection.execute(select(parked)).all())
    assert len(rows) == 3
    assert all("there is no order" in row.error for row in rows)


def test_more_shipped_than_ordered_is_parked_and_changes_nothing(desk: Desk):
    order = desk.order()
    others = Others(desk, order)
    others.play("reserved", "granted")
    before = desk.look(order)

    receipt = desk.receiver.receive([others.shipped(11)])

    assert receipt.parked == 1
    assert desk.look(order) == before


def test_a_shipment_in_several_lots_counts_once_per_lot(desk: Desk):
    order = desk.order()
    others = Others(desk, order)
    others.play("reserved", "granted")
    message = others.shipped(4, full=False)
    message.data["lines"] *= 2

    desk.hear(message)

    assert desk.look(order).lines[0].shipped == qty(8)


def test_every_reply_of_the_saga_is_listened_to():
    from services.sales.sagas.order_to_cash import ORDER_TO_CASH

    assert ORDER_TO_CASH.reply_types <= set(SUBSCRIPTIONS.types())


def test_the_jobs_are_named_once_and_run(desk: Desk):
    assert [job.name for job in JOBS] == [
        "wake_sagas",
        "escalate_holds",
        "escalate_approvals",
        "expire_quotations",
    ]
    assert all(job.every > timedelta(0) for job in JOBS)
    for job in JOBS:
        job.run(desk.database)


def test_every_route_is_documented(desk: Desk):
    document = desk.mike.get("/openapi.json").json

    undocumented = [
        noun.name for noun in NOUNS if not any(p.startswith(noun.url_prefix) for p in document["paths"])
    ]
    assert not undocumented
    assert {"/api/v1/quotations/{quotation_id}/accept", "/api/v1/orders/{order_id}/cancel"} <= set(
        document["paths"]
    )


def test_the_terms_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("MERIDIAN_SALES_HOLD_DAYS", "3")
    monkeypatch.setenv("MERIDIAN_SALES_QUOTATION_DAYS", "45")
    terms = read_terms(settings())
    assert (terms.hold_days, terms.validity_days) == (3, 45)

    monkeypatch.setenv("MERIDIAN_SALES_HOLD_DAYS", "-3")
    with pytest.raises(BadSettings, match="HOLD_DAYS"):
        read_terms(settings())


def test_r4_5_an_order_is_done_when_money_and_credit_notes_settle_it_together(desk: Desk):
    order = desk.order()
    others = Others(desk, order)
    others.play("reserved", "granted", "shipped", "invoiced")
    half = order.total.share(1, 2)

    desk.hear(others.paid(half))
    assert (desk.look(order).state, desk.look(order).payment_status) == ("processing", "partial")
    desk.hear(others.credited(order.total - half))

    found = desk.look(order)
    assert (found.state, found.payment_status, found.paid) == ("done", "paid", order.total)
