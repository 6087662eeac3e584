"""What a line leaves over: at the cost of the day of its pricing, for those who may know it, and for flows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.sales.domain.approval import QuotationInBrief
from services.sales.store import quotation_facts
from services.sales.store.tables import sales_order_line
from services.sales.tests.approving import QUOTATIONS, decide, define, quote, waiting
from services.sales.tests.builders import CHAI, HARBOR, ROPE, UNKNOWN, Desk
from services.sales.tests.integration.test_options import accept, offer
from services.sales.tests.integration.test_quotations_api import line, problem, usd
from services.sales.tests.integration.test_taxes import set_taxes

MARGIN = {"field": "margin_percent", "comparison": "at_most", "percent": "20"}


def costs(desk: Desk, amount: str, item_id: str = CHAI.id, currency: str = "USD") -> None:
    """Let inventory say what an item costs."""
    data = {
        "item_id": item_id,
        "sku": "X",
        "unit_cost": {"e4": int(amount.replace(".", "")) * 100, "currency": currency},
        "changed_on": "2026-03-02",
        "before": None,
    }
    desk.hear(desk.message("inventory.item.cost_changed.v1", item_id, data))


def margins(found: Any) -> tuple[Any, Any, list[tuple[Any, Any]]]:
    lines = [(line["unit_cost"], line["margin_percent"]) for line in found["lines"]]
    return found["margin"], found["margin_percent"], lines


def test_r3_1_a_line_keeps_the_cost_that_it_was_priced_at_and_shows_it_to_few(desk: Desk) -> None:
    costs(desk, "9.00")
    costs(desk, "1.00", UNKNOWN)
    made = quote(desk, "10")
    costs(desk, "17.00")

    assert margins(made) == (None, None, [(None, None)]), "a salesperson sells, and does not see costs"
    kept = (usd("90.00"), "50.00", [(usd("9.00"), "50.00")])
    for who in (desk.mike, desk.client("f", "finance")):
        assert margins(who.get(f"{QUOTATIONS}/{made['id']}").json) == kept
    assert margins(desk.mike.get(f"{QUOTATIONS}/{quote(desk, '10')['id']}").json)[1] == "5.56"
    order = desk.nancy.post(f"{QUOTATIONS}/{made['id']}/accept", json={}).json
    assert margins(order) == (None, None, [(None, None)])
    assert margins(desk.mike.get(f"/api/v1/orders/{order['id']}").json) == kept
    stored = select(sales_order_line.c.cost_minor).where(sales_order_line.c.order_id == order["id"])
    assert desk.database.read(lambda connection: connection.execute(stored).scalar_one()) == 9000


def test_a_flow_asks_for_what_leaves_too_little_and_says_nothing_where_a_cost_is_unknown(desk: Desk) -> None:
    define(desk, cases=[{"clauses": [MARGIN]}])
    assert desk.nancy.post(f"{QUOTATIONS}/{quote(desk, '10')['id']}/send").json["state"] == "sent"

    costs(desk, "14.40")
    small = waiting(desk, quantity="10")
    assert decide(desk.mike, small).json["state"] == "approved"
    lines = [{"item_id": CHAI.id, "quantity": "10"}, {"item_id": ROPE.id, "quantity": "1"}]
    mixed = desk.nancy.post(QUOTATIONS, json={"customer_id": HARBOR.id, "lines": lines}).json

    def facts(quotation_id: str) -> QuotationInBrief:
        return desk.database.read(lambda connection: quotation_facts.of(connection, quotation_id))

    assert facts(small["id"]).facts["margin_percent"] == 2000
    assert facts(mixed["id"]).facts["margin_percent"] is None, "what the rope costs, nobody said"
    costs(desk, "13.00")
    better = quote(desk, "10")
    assert desk.nancy.post(f"{QUOTATIONS}/{better['id']}/send").json["state"] == "sent"


def test_tax_in_the_prices_is_no_margin(desk: Desk) -> None:
    set_taxes(desk.client("fay.finance", "finance"), prices="inclusive")
    costs(desk, "9.00")
    made = quote(desk, "10")
    seen = desk.mike.get(f"{QUOTATIONS}/{made['id']}").json
    assert (seen["net"], seen["total"]) == (usd("159.29"), usd("180.00"))
    assert margins(seen) == (usd("69.29"), "43.50", [(usd("9.00"), "43.50")])
    said = desk.database.read(lambda connection: quotation_facts.of(connection, made["id"])).facts
    assert said["margin_percent"] == 4350, "a flow is told the margin that the quotation shows"


def test_a_flow_is_told_the_margin_of_what_counts_and_a_choice_has_its_own(desk: Desk) -> None:
    define(desk, cases=[{"clauses": [MARGIN]}])
    costs(desk, "9.00")
    costs(desk, "4.00", ROPE.id)
    quotation = offer(desk, line(), line(item_id=ROPE.id, quantity="30", choice="optional"))
    assert quotation["state"] == "sent", "the rope would be sold below its cost, but does not count"
    assert problem(accept(desk, quotation, chosen=[2]), 409) == ("choice_needs_approval", "chosen")
    assert accept(desk, quotation).status_code == 201
