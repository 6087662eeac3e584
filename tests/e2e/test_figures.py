"""R1.2 to R1.4: figures seconds behind the event, and the documents behind them; through the gateway, both modes."""

from __future__ import annotations

from datetime import timedelta
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


def test_r1_3_a_team_has_what_its_members_sold(world: World) -> None:
    sam, mia = world.system["sam"], world.system["mia"]
    name = world.name("North")
    body = {"name": name, "manager_id": None, "members": [sam.get("/auth/me")["id"]]}
    team = mia.post("/sales-teams", body, key=world.name("team"))
    customer, item = world.customer(), world.item(stock="10")
    order = world.order(customer, (item, "3"))
    _counted(world, order, "sam")

    behind = f"/figures/order-revenue/orders?team={team['id']}"
    listed = wait_for(lambda: mia.get(behind)["items"], "the team in the figures")
    assert order["number"] in {row["number"] for row in listed}
    figures = mia.get(f"/figures/order-revenue?by=team&team={team['id']}")
    (part,), whole = figures["parts"], figures["total"]
    assert part["label"] == name
    assert (part["orders"], part["revenue"]) == (whole["orders"], whole["revenue"])


def test_r1_3_who_bought_of_a_team_and_who_came_again_to_it(world: World) -> None:
    sam, mia = world.system["sam"], world.system["mia"]
    body = {"name": world.name("West"), "manager_id": None, "members": [sam.get("/auth/me")["id"]]}
    team = mia.post("/sales-teams", body, key=world.name("team"))["id"]
    customer, item = world.customer(), world.item(stock="10")
    orders = [world.order(customer, (item, quantity)) for quantity in ("1", "2")]
    for order in orders:
        _counted(world, order, "sam")

    def among(who: str, **query: str) -> dict[str, Any]:
        found = world.system[who].every("/figures/buyers", team=team, **query)
        return {row["customer_id"]: row for row in found}

    wait_for(lambda: customer["id"] in among("mia"), "the team in the figures of buyers")
    bought = among("sam", least_orders="2")[customer["id"]]
    assert (bought["orders"], bought["revenue"]) == (2, usd("300.00"))
    share = mia.get(f"/figures/repurchase?team={team}")
    assert share["customers"] >= share["again"] >= 1
    segments = mia.get(f"/figures/segments?team={team}")["segments"]
    assert sum(each["customers"] for each in segments) == len(among("mia"))
    assert customer["id"] not in among("ned"), "he neither has the customer nor leads the team"
    assert among("mia", campaign=team) == {}, "what is owed to no campaign"


def test_r1_4_what_was_sold_of_an_item_is_seen_as_it_leaves(world: World) -> None:
    customer, item = world.customer(), world.item(stock="10")
    dead = world.item(stock="3")
    order = world.order(customer, (item, "6"))
    world.until(order, "the confirmation", state="confirmed")
    world.ship(world.delivery(order))
    sold = {row["item_id"]: row for row in world.system["mia"].every("/figures/sell-through/items")}
    row = sold[item["id"]]
    assert (row["sold"], row["on_hand"], row["sell_through_bp"], row["pace"]) == ("6", "4", 6000, "fast")
    assert (sold[dead["id"]]["sold"], sold[dead["id"]]["pace"]) == ("0", "new")
    moving = world.system["mia"].get("/figures/sell-through")
    assert moving["moving_bp"] == moving["items_sold"] * 10_000 // moving["items_in_stock"]
    assert _all_told(world, "mia", "owner")


def test_r1_4_what_lies_dead_is_told_with_its_worth_to_who_may_know_it(world: World) -> None:
    mia, wim = world.system["mia"], world.system["wim"]
    item, place = world.item(), wim.every("/warehouses")[0]["id"]
    line = {"item_id": item["id"], "quantity": "3", "unit_cost": usd("40.00")}
    received = {"warehouse_id": place, "received_on": _days_ago(world, 100), "lines": [line]}
    wim.post("/receipts", received, key=world.name("receipt"))

    def dead(who: str) -> Any:
        found = world.system[who].every("/figures/sell-through/items", pace="dead")
        return next(row for row in found if row["item_id"] == item["id"])

    def worth(who: Any, role: str) -> Any:
        figures = who.get(f"/dashboards/{role}")["figures"]
        data = next(figure for figure in figures if figure["name"] == "moving")["section"]["data"]
        return next(each["worth"] for each in data["paces"] if each["pace"] == "dead")

    assert (dead("mia")["value"], dead("wim")["value"]) == (usd("120.00"), None)
    assert (dead("wim")["opening"], dead("wim")["on_hand"]) == ("3", "3")
    assert sum(_cents(each) for each in worth(mia, "owner")) >= 12000
    assert worth(wim, "warehouse") is None


def _days_ago(world: World, days: int) -> str:
    return (world.system.today - timedelta(days=days)).isoformat()


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
