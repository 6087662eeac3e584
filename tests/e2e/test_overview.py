"""Customers in figures, from order and invoice to the list and the head of the page; by the gateway, in both modes."""

from __future__ import annotations

from typing import Any

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.people import wait_for
from services.crm.domain import segments as of_crm
from services.sales.domain import segments as of_sales
from tests.e2e.world import World, usd


def in_figures(world: World, customer: Any, **wanted: Any) -> Any:
    """Return a customer in figures as Sam sees them, once they are what is wanted."""

    def look() -> Any:
        found = world.system["sam"].get(f"/customers/{customer['id']}/overview")
        return found if all(found[name] == value for name, value in wanted.items()) else None

    return wait_for(look, f"the figures {wanted}")


def test_r5_a_customer_in_figures_follows_order_invoice_ticket_and_payment(world: World) -> None:
    sam, sid = world.system["sam"], world.system["sid"]
    customer, item = world.customer(), world.item(stock="9")
    in_figures(world, customer, orders=0, health="good", segment=None)
    order = world.order(customer, (item, "2"))
    found = in_figures(world, customer, orders=1, revenue=usd("200.00"))
    assert found["last_order_on"] == world.system.today.isoformat()
    assert found["segment"] in of_crm.SEGMENTS

    world.ship(world.delivery(order))
    owed = in_figures(world, customer, open_amount=usd("200.00"))
    assert owed["overdue_amount"] == usd("0.00")

    body = {"customer_id": customer["id"], "kind": "technical", "subject": "Leaks"}
    ticket = sid.post("/tickets", body, key=world.name("ticket"))
    in_figures(world, customer, open_tickets=1)
    sid.post(f"/tickets/{ticket['id']}/resolve", {"resolution": "New seal"}, key=world.name("solved"))
    in_figures(world, customer, open_tickets=0)

    section = sam.get(f"/customers/{customer['id']}/360")["sections"]["overview"]
    assert (section["status"], section["source"]) == ("ok", "crm")
    assert section["data"]["open_amount"] == usd("200.00")
    assert section["data"]["owner_id"] == customer["owner_id"]


def test_r1_4_customers_are_listed_by_a_figure_and_a_salesperson_sees_his_own(world: World) -> None:
    small, big, item = world.customer(), world.customer(), world.item(stock="99")
    world.order(small, (item, "1"))
    world.order(big, (item, "5"))
    for customer, revenue in ((small, "100.00"), (big, "500.00")):
        in_figures(world, customer, revenue=usd(revenue))
    ids = [row["customer_id"] for row in world.system["sam"].every("/customers/overview")]
    assert ids.index(big["id"]) < ids.index(small["id"])
    back = [row["customer_id"] for row in world.system["sam"].every("/customers/overview", order="asc")]
    assert back.index(big["id"]) > back.index(small["id"])
    owners = {row["owner_id"] for row in world.system["sam"].every("/customers/overview")}
    assert owners == {big["owner_id"]}


def test_r1_4_crm_and_sales_name_segments_alike() -> None:
    scores = [(recency, frequency) for recency in range(1, 6) for frequency in range(1, 6)]
    assert [of_crm.segment_of(*each) for each in scores] == [of_sales.segment_of(*each) for each in scores]
    assert of_crm.HIGH_SHARE_BP == of_sales.HIGH_SHARE_BP


def test_r5_the_audit_finds_nothing_after_it(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
