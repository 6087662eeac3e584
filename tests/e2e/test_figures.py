"""R1.2 to R1.4: figures seconds behind the event, and the documents behind them; through the gateway, both modes."""

from __future__ import annotations

from typing import Any

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.people import wait_for
from tests.e2e.world import World, usd


def _cents(money: Any) -> int:
    return round(float(money["amount"]) * 100)


def _counted(world: World, order: Any, seller: str) -> Any:
    """Return the order as it counts, once it does."""

    def look() -> Any:
        found = world.system[seller].get("/figures/order-revenue/orders?limit=200")["items"]
        return next((row for row in found if row["order_id"] == order["id"]), None)

    return wait_for(look, f"order {order['number']} among the figures")


def _revenue(world: World, seller: str) -> Any:
    return world.system[seller].get("/figures/order-revenue")["total"]


def _paid(world: World, customer: Any, order: Any, amount: str) -> None:
    world.until(order, "the confirmation", state="confirmed")
    world.ship(world.delivery(order))
    (invoice,) = world.invoices(order)
    body = {"customer_id": customer["id"], "amount": usd(amount), "reference": world.name("RE")}
    paid = [{"invoice_id": invoice["id"], "amount": usd(amount)}]
    world.system["fay"].post("/payments", body | {"allocations": paid}, key=world.name("pay"))


def test_r1_3_an_order_is_in_the_figures_until_it_is_cancelled(world: World) -> None:
    customer, item = world.customer(), world.item(stock="10")
    before = _revenue(world, "sam")
    kept, dropped = world.order(customer, (item, "3")), world.order(customer, (item, "2"))
    for order, amount in ((kept, "300.00"), (dropped, "200.00")):
        assert _counted(world, order, "sam")["revenue"] == usd(amount)
    after = _revenue(world, "sam")
    assert after["orders"] - before["orders"] == 2
    assert _cents(after["revenue"]) - _cents(before["revenue"]) == 50000

    world.system["sam"].post(f"/orders/{dropped['id']}/cancel", {"reason": "too much"}, key=world.name("no"))
    wait_for(lambda: not _counted(world, dropped, "sam")["counts"], "the cancel in the figures")
    assert _cents(_revenue(world, "sam")["revenue"]) - _cents(before["revenue"]) == 30000
    assert _bought(world, customer)["orders"] == 1
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert [found.check for found in report.findings if found.violations and found.invariant == "I13"] == []


def _bought(world: World, customer: Any) -> Any:
    found = world.system["sam"].every("/figures/buyers")
    return next(row for row in found if row["customer_id"] == customer["id"])


def test_r1_3_who_comes_again_and_how_many_days_of_sales_are_owed(world: World) -> None:
    customer, item = world.customer(), world.item(stock="10")
    first, second = world.order(customer, (item, "1")), world.order(customer, (item, "2"))
    for order in (first, second):
        _counted(world, order, "sam")
    again = world.system["sam"].every("/figures/buyers", least_orders="2")
    assert customer["id"] in {row["customer_id"] for row in again}
    share = world.system["sam"].get("/figures/repurchase")
    assert 1 <= share["again"] <= share["customers"]
    assert share["share_bp"] == share["again"] * 10_000 // share["customers"]

    _paid(world, customer, first, "100.00")
    figures = world.system["fay"].get(f"/figures/receivables?customer_id={customer['id']}")["total"]
    assert (figures["invoiced"], figures["paid"], figures["balance"]) == (
        usd("100.00"), usd("100.00"), usd("0.00"),
    )  # fmt: skip
    assert (figures["dso"], figures["average_days_to_pay"]) == ("0.0", "0.0")


def _all_told(world: World, person: str, role: str) -> bool:
    figures = world.system[person].get(f"/dashboards/{role}")["figures"]
    return {figure["section"]["status"] for figure in figures} == {"ok"}


def test_r1_2_each_role_sees_its_dashboard_in_one_call(world: World) -> None:
    customer, item = world.customer(), world.item(stock="5")
    _counted(world, world.order(customer, (item, "1")), "sam")
    seen = {
        "mia": "sales_manager",
        "sam": "salesperson",
        "wim": "warehouse",
        "fay": "finance",
        "sid": "service",
    }
    for person, role in (*seen.items(), ("mia", "owner")):
        # A machine that does all at once may be late with a figure, which is told; then it is looked at again.
        wait_for(lambda who=person, which=role: _all_told(world, who, which), f"the dashboard {role}")
    figures = world.system["sam"].get("/dashboards/salesperson")["figures"]
    total = next(figure for figure in figures if figure["name"] == "revenue")["section"]["data"]["total"]
    assert total["margin"] is None, "a salesperson knows no costs"
    assert total["orders"] >= 1


def test_r1_4_where_orders_wait_is_seen_with_age_and_owner(world: World) -> None:
    customer, item = world.customer(), world.item()
    order = world.order(customer, (item, "1"))
    world.until_held(order, "stock")
    health = world.system["mia"].get("/figures/process-health")
    (held,) = [each for each in health["holds"] if each["code"] == "stock"]
    assert held["orders"] >= 1
    assert held["owner"]
    assert held["oldest_hours"] >= held["median_hours"] >= 0
    deciding = next(stage for stage in health["stages"] if stage["stage"] == "deciding")
    assert deciding["held"] >= 1
    waiting = world.system["mia"].every("/orders", hold="stock")
    assert order["id"] in {each["id"] for each in waiting}
