"""R3 and R4: one order from quotation to cash, shortage and refused credit explained and freed by themselves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.gateway import ActFailed
from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


def test_r1_1_an_order_runs_from_quotation_to_cash_without_being_typed_again(world: World) -> None:
    customer, item = world.customer(), world.item(stock="20")
    order = world.order(customer, (item, "3"))
    assert (order["state"], order["total"]) == ("confirmed", usd("300.00"))

    world.ship(world.delivery(order))
    (invoice,) = world.invoices(order)
    assert (invoice["state"], invoice["total"]) == ("posted", usd("300.00"))
    world.pay(invoice)

    done = world.until(order, "the completion", state="done")
    assert (done["delivery_status"], done["billing_status"], done["payment_status"]) == (
        "full",
        "invoiced",
        "paid",
    )
    held = world.system["sid"].get(f"/customers/{customer['id']}/service-summary")
    assert [(row["sku"], row["quantity"]) for row in held["installed_items"]] == [(item["sku"], "3")]


def test_r3_1_the_price_of_a_line_explains_itself(world: World) -> None:
    customer, item = world.customer(), world.item(stock="20", price="12.50")
    body = {
        "customer_id": customer["id"],
        "lines": [{"item_id": item["id"], "quantity": "4", "discount_percent": "5"}],
    }
    quotation = world.system["sam"].post("/quotations", body, key=world.name("quote"))
    (line,) = quotation["lines"]
    assert (line["unit_price"], line["amount"]) == (usd("12.50"), usd("47.50"))
    assert [rule["outcome"] for rule in line["price_trace"]["rules"]] == ["won"]


def test_r3_5_a_shortage_waits_with_an_explained_hold_and_its_receipt_frees_it(world: World) -> None:
    customer, item = world.customer(), world.item()
    order = world.order(customer, (item, "5"))
    hold = world.until_held(order, "stock")
    assert hold["owner"]
    assert hold["deadline"] > hold["since"]
    assert "inventory.stock.received" in hold["releases_by"]
    assert item["sku"] in str(hold["figures"])

    world.receive(item["id"], "5")
    freed = world.until(order, "the release", state="confirmed")
    assert [hold["code"] for hold in freed["holds"] if hold["released_at"]] == ["stock"]
    assert world.delivery(order)["lines"][0]["quantity"] == "5"


def test_r3_5_first_come_is_first_served(world: World) -> None:
    customer, item = world.customer(), world.item()
    first = world.order(customer, (item, "5"))
    world.until_held(first, "stock")
    second = world.order(customer, (item, "1"))
    world.until_held(second, "stock")

    world.receive(item["id"], "5")
    world.until(first, "the release", state="confirmed")
    assert world.order_now(second)["state"] == "pending"
    world.receive(item["id"], "1")
    world.until(second, "the release", state="confirmed")


def test_r3_4_refused_credit_waits_with_its_figures_and_a_payment_frees_it(world: World) -> None:
    customer, item = world.customer(limit="500.00"), world.item(stock="20")
    first = world.order(customer, (item, "4"))
    assert first["state"] == "confirmed"
    second = world.order(customer, (item, "3"))
    hold = world.until_held(second, "credit")
    assert "500.00" in str(hold["figures"])

    world.ship(world.delivery(first))
    world.pay(world.invoices(first)[0])
    world.until(second, "the release", state="confirmed")


def test_r3_4_a_higher_limit_frees_the_waiting_order(world: World) -> None:
    customer, item = world.customer(limit="100.00"), world.item(stock="20")
    order = world.order(customer, (item, "3"))
    world.until_held(order, "credit")
    world.system["fay"].put(f"/accounts/{customer['id']}/credit-limit", {"limit": usd("300.00")})
    world.until(order, "the release", state="confirmed")


def test_r3_6_a_delivery_ships_in_parts_and_the_invoices_sum_to_the_order(world: World) -> None:
    customer, item = world.customer(), world.item(stock="20", price="33.33")
    order = world.order(customer, (item, "3"))
    delivery = world.delivery(order)
    line = delivery["lines"][0]["order_line_id"]
    world.ship(delivery, [{"order_line_id": line, "quantity": "1"}])
    world.until(order, "the first part", delivery_status="partial")
    backorder = world.delivery(order)
    assert backorder["backorder_of"] == delivery["id"]
    world.ship(backorder)

    invoices = world.invoices(order, 2)
    assert sum(Decimal(invoice["total"]["amount"]) for invoice in invoices) == Decimal("99.99")
    for invoice in invoices:
        world.pay(invoice)
    world.until(order, "the completion", state="done")


@pytest.mark.parametrize("stage", ["waiting for stock", "waiting for credit", "confirmed"])
def test_an_order_can_be_cancelled_at_any_point_before_shipment(world: World, stage: str) -> None:
    customer = world.customer(limit="100.00" if stage == "waiting for credit" else "10000.00")
    item = world.item(stock="1" if stage == "waiting for stock" else "9")
    order = world.order(customer, (item, "4"))
    if stage != "confirmed":
        world.until_held(order, stage.rpartition(" ")[2])
    world.system["sam"].post(
        f"/orders/{order['id']}/cancel", {"reason": "changed plans"}, key=world.name("cancel")
    )

    cancelled = world.until(order, "the cancellation", state="cancelled")
    assert cancelled["cancel_reason"]
    assert not world.open_holds(order)
    stock = world.system["wim"].every("/stock", item_id=item["id"])
    assert {row["reserved"] for row in stock} == {"0"}
    account = world.system["fay"].get(f"/accounts/{customer['id']}")
    assert account["held"] == usd("0.00")
    notes = world.system["wim"].every("/deliveries", order_id=order["id"])
    assert {note["state"] for note in notes} <= {"cancelled"}


def test_what_was_shipped_cannot_be_cancelled(world: World) -> None:
    customer, item = world.customer(), world.item(stock="9")
    order = world.order(customer, (item, "4"))
    world.ship(world.delivery(order))
    world.until(order, "the shipment", delivery_status="full")
    with pytest.raises(ActFailed) as refused:
        world.system["sam"].post(
            f"/orders/{order['id']}/cancel", {"reason": "too late"}, key=world.name("cancel")
        )
    assert refused.value.status == 409


def test_r6_2_a_ticket_is_routed_by_its_kind_and_resolved(world: World) -> None:
    customer = world.customer()
    body = {"customer_id": customer["id"], "kind": "quality", "subject": "Valve leaks"}
    ticket = world.system["sid"].post("/tickets", body, key=world.name("ticket"))
    assert ticket["queue"] == "production"
    resolved = world.system["sid"].post(
        f"/tickets/{ticket['id']}/resolve", {"resolution": "New seal"}, key=world.name("resolve")
    )
    assert resolved["state"] == "resolved"


def test_r5_a_salesperson_sees_own_customers_only(world: World) -> None:
    customer, item = world.customer(owner="sam"), world.item(stock="9")
    order = world.order(customer, (item, "1"))
    ned = world.system["ned"]
    paths = [
        f"/customers/{customer['id']}", f"/customers/{customer['id']}/360", f"/orders/{order['id']}",
        f"/orders/{order['id']}/timeline", f"/accounts/{customer['id']}", f"/customers/{customer['id']}/sales-summary",
    ]  # fmt: skip
    for path in paths:
        with pytest.raises(ActFailed) as refused:
            ned.get(path)
        assert refused.value.status == 404, path
    assert customer["id"] not in {row["id"] for row in ned.every("/customers")}
    assert order["id"] not in {row["id"] for row in ned.every("/orders")}


def test_r5_the_customer_page_shows_every_section_with_its_source(world: World) -> None:
    customer, item = world.customer(), world.item(stock="9")
    order = world.order(customer, (item, "2"))
    world.ship(world.delivery(order))
    world.invoices(order)
    page = world.system["sam"].get(f"/customers/{customer['id']}/360")
    assert {name: section["status"] for name, section in page["sections"].items()} == dict.fromkeys(
        (
            "profile",
            "overview",
            "relationship",
            "recommendations",
            "sales",
            "deliveries",
            "credit",
            "service",
        ),
        "ok",
    )
    assert {section["source"] for section in page["sections"].values()} == {
        "crm", "sales", "inventory", "finance", "service_desk",
    }  # fmt: skip


def test_r1_1_the_timeline_tells_the_whole_story_with_causes_before_effects(world: World) -> None:
    customer, item = world.customer(), world.item(stock="9")
    order = world.order(customer, (item, "2"))
    world.ship(world.delivery(order))
    world.pay(world.invoices(order)[0])
    world.until(order, "the completion", state="done")

    def told() -> list[str] | None:
        entries = world.system["sam"].get(f"/orders/{order['id']}/timeline")["entries"]
        types = [entry["type"] for entry in entries]
        return types if "sales.order.completed.v1" in types else None

    types = wait_for(told, "the end of the story")
    story = [
        "sales.quotation.issued.v1", "sales.quotation.accepted.v1", "sales.order.placed.v1",
        "inventory.reservation.reserved.v1", "finance.credit_hold.granted.v1", "sales.order.confirmed.v1",
        "inventory.delivery.created.v1", "inventory.delivery.shipped.v1", "finance.invoice.posted.v1",
        "finance.invoice.paid.v1", "sales.order.completed.v1",
    ]  # fmt: skip
    assert [type_ for type_ in types if type_ in story] == story
    entries = world.system["sam"].get(f"/orders/{order['id']}/timeline")["entries"]
    place = {entry["id"]: index for index, entry in enumerate(entries)}
    for index, entry in enumerate(entries):
        assert place.get(entry["cause"], -1) < index, entry


def test_r7_the_audit_finds_nothing_after_all_of_this(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
