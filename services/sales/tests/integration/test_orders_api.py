"""Orders over HTTP: looked at, listed, cancelled, summed up."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import insert

from services.sales.store import orders
from services.sales.store.figure_tables import buyer_month
from services.sales.tests.answering import Others
from services.sales.tests.builders import HARBOR, TOKYO, UNKNOWN, Desk, chai_line, price
from services.sales.tests.counting import relay, sold

URL = "/api/v1/orders"
SHOW_ALL = ("sales_manager", "warehouse", "finance", "service", "admin", "api_client")


def code(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.json
    found: str = answer.json["code"]
    return found


def test_an_order_shows_its_holds_with_figures_owner_and_what_releases_them(desk: Desk):
    order = desk.order()
    Others(desk, order).play("short")

    shown = desk.nancy.get(f"{URL}/{order.id}").json

    (hold,) = shown["holds"]
    assert shown["state"] == "pending"
    assert hold == {
        "code": "stock",
        "figures": {"queue_position": "1", "missing NW-001": "4"},
        "owner": "warehouse",
        "since": "2026-03-02T01:00:00Z",
        "deadline": "2026-03-16T01:00:00Z",
        "releases_by": "inventory.stock.received",
        "escalations": 0,
        "released_at": None,
        "released_by": None,
    }


def test_progress_shows_on_every_line(desk: Desk):
    order = desk.order(chai_line(10), chai_line(5))
    others = Others(desk, order)
    others.play("reserved", "granted")
    desk.hear(others.shipped(4, full=False))

    shown = desk.client("clerk", "warehouse").get(f"{URL}/{order.id}").json

    assert [(row["quantity"], row["shipped"], row["invoiced"]) for row in shown["lines"]] == [
        ("10", "4", "0"),
        ("5", "4", "0"),
    ]
    assert (shown["state"], shown["delivery_status"], shown["billing_status"]) == (
        "processing",
        "partial",
        "to_invoice",
    )


def test_everybody_but_a_salesperson_sees_all(desk: Desk):
    desk.order()
    desk.order(customer=TOKYO)

    for role in SHOW_ALL:
        assert len(desk.client("somebody", role).get(URL).json["items"]) == 2


def test_a_salesperson_sees_their_own_customers_orders_only(desk: Desk):
    mine, theirs = desk.order(), desk.order(customer=TOKYO)

    assert [row["id"] for row in desk.nancy.get(URL).json["items"]] == [mine.id]
    assert code(desk.nancy.get(f"{URL}/{theirs.id}"), 404) == "order_not_found"
    assert code(desk.nancy.post(f"{URL}/{theirs.id}/cancel", json={"reason": "x"}), 404) == "order_not_found"
    assert code(desk.nancy.get(f"/api/v1/customers/{TOKYO.id}/sales-summary"), 404) == "customer_not_found"
    assert desk.nancy.get(URL, query_string={"customer_id": TOKYO.id}).json["items"] == []
    assert desk.nancy.get("/api/v1/order-revenue", query_string={"currency": "JPY"}).json["count"] == 0
    assert desk.look(theirs).cancel_requested_at is None


def test_the_owner_changes_and_the_orders_go_along(desk: Desk):
    order = desk.order()
    data = {"customer_id": HARBOR.id, "owner_id": "janet.leverling", "previous_owner_id": "nancy.davolio"}
    desk.hear(desk.message("crm.customer.owner_changed.v1", HARBOR.id, data))

    assert desk.nancy.get(f"{URL}/{order.id}").status_code == 404
    assert desk.janet.get(f"{URL}/{order.id}").status_code == 200


def test_the_list_filters_and_pages(desk: Desk):
    held, cancelled, plain = desk.order(), desk.order(), desk.order()
    Others(desk, held).play("short")
    desk.cancel(cancelled)
    Others(desk, cancelled).play("stock_released")

    def ids(**query: str) -> list[str]:
        return [row["id"] for row in desk.mike.get(URL, query_string=query).json["items"]]

    assert ids() == [plain.id, cancelled.id, held.id]
    assert ids(state="cancelled") == [cancelled.id]
    assert ids(hold="stock") == [held.id]
    assert ids(hold="credit") == []
    assert ids(number="SO-000003") == [plain.id]
    assert ids(customer_id=HARBOR.id, to="2026-03-01") == []
    assert len(ids(customer_id=HARBOR.id, **{"from": "2026-03-02", "to": "2026-03-02"})) == 3
    first = desk.mike.get(URL, query_string={"limit": "2"}).json
    rest = desk.mike.get(URL, query_string={"limit": "2", "cursor": first["next_cursor"]}).json
    assert [row["id"] for row in first["items"] + rest["items"]] == ids()
    assert first["items"][1]["holds"] == []
    assert rest["items"][0]["holds"][0]["code"] == "stock"


def test_a_question_that_makes_no_sense_is_refused(desk: Desk):
    for query in ({"state": "lost"}, {"from": "today"}, {"limit": "0"}, {"sort": "name;--"}):
        assert desk.mike.get(URL, query_string=query).status_code == 422


def test_cancel_says_when_it_is_done_and_repeats_itself(desk: Desk):
    order = desk.order()
    path = f"{URL}/{order.id}/cancel"

    first = desk.nancy.post(path, json={"reason": "changed my mind"})
    assert (first.status_code, first.json["state"]) == (200, "pending")
    assert first.json["cancel_requested_at"] == "2026-03-02T01:00:00Z"
    Others(desk, order).play("stock_released")
    again = desk.nancy.post(path, json={"reason": "really"})

    assert (again.status_code, again.json["state"], again.json["cancel_reason"]) == (
        200,
        "cancelled",
        "changed my mind",
    )
    assert desk.said().count("sales.order.cancelled.v1") == 1
    assert desk.said().count("inventory.release_stock.v1") == 1


def test_cancel_is_refused_once_goods_have_left(desk: Desk):
    order = desk.order()
    Others(desk, order).play("reserved", "granted", "shipped")
    version = desk.look(order).version

    answer = desk.nancy.post(f"{URL}/{order.id}/cancel", json={"reason": "late"})

    assert code(answer, 409) == "order_shipped"
    assert desk.look(order).version == version


def test_cancel_of_an_old_version_or_of_nothing_is_refused(desk: Desk):
    order = desk.order()
    Others(desk, order).play("reserved", "granted")

    path = f"{URL}/{order.id}/cancel"
    stale = desk.nancy.post(path, json={"reason": "x"}, headers={"If-Match": '"1"'})
    assert code(stale, 412) == "version_mismatch"
    assert "inventory.release_stock.v1" not in desk.said()
    assert code(desk.nancy.post(f"{URL}/{UNKNOWN}/cancel", json={"reason": "x"}), 404) == "order_not_found"
    assert desk.nancy.post(path, json={}).status_code == 422
    assert desk.client("clerk", "warehouse").post(path, json={"reason": "x"}).status_code == 403


def when_said(desk: Desk, type_: str, act: Any) -> threading.Thread:
    """Start a thread that does ``act`` once sales has said ``type_``."""
    asked = threading.Event()

    def listen() -> None:
        if type_ in desk.said():
            asked.set()

    def wait() -> None:
        assert asked.wait(5)
        act()

    desk.database.on_message(listen)
    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def answered(desk: Desk, *names: str) -> Any:
    def act() -> None:
        (placed,) = [message for message in desk.messages() if message.type == "sales.order.placed.v1"]
        order = desk.database.read(lambda connection: orders.find(connection, placed.partition_key))
        assert order is not None
        Others(desk, order).play(*names)

    return act


@pytest.mark.parametrize(
    ("names", "state", "holds"),
    [
        (("reserved", "granted"), "confirmed", 0),
        (("short",), "pending", 1),
        (("stock_rejected",), "cancelled", 0),
    ],
)
def test_accept_can_wait_for_the_decision(desk: Desk, names, state, holds):
    path = f"/api/v1/quotations/{desk.quote()}/accept"
    thread = when_said(desk, "inventory.reserve_stock.v1", answered(desk, *names))

    answer = desk.nancy.post(path, json={}, headers={"Prefer": "wait=5"})
    thread.join()

    assert answer.status_code == 201
    assert answer.headers["Preference-Applied"] == "wait=5"
    assert (answer.json["state"], len(answer.json["holds"])) == (state, holds)


def test_cancel_can_wait_for_its_end(desk: Desk):
    order = desk.order()
    thread = when_said(desk, "inventory.release_stock.v1", lambda: Others(desk, order).play("stock_released"))

    answer = desk.nancy.post(f"{URL}/{order.id}/cancel", json={"reason": "x"}, headers={"Prefer": "wait=5"})
    thread.join()

    assert answer.json["state"] == "cancelled"


def dear(amount: str, discount_bp: int = 0, quantity: str | int = 1) -> Any:
    return chai_line(quantity, unit_price=price(amount), discount_bp=discount_bp)


def test_revenue_is_exact_booked_and_explained(desk: Desk):
    desk.order(dear("348.35", 400, 16), dear("0.3333", 0, 10))
    desk.order(dear("5095.20", 700))
    gone = desk.order(dear("1000.00"))
    desk.cancel(gone)
    Others(desk, gone).play("stock_released")
    desk.order(customer=TOKYO)

    found = desk.mike.get("/api/v1/order-revenue").json

    assert found == {
        "count": 2,
        "booked": {"amount": "10092.53", "currency": "USD"},
        "exact": "10092.525",
        "rounding": "0.005",
        "lines_rounded": 3,
    }
    yen = desk.mike.get("/api/v1/order-revenue", query_string={"currency": "JPY"}).json
    assert (yen["booked"]["amount"], yen["exact"]) == ("1005", "1005")
    one_day = {"from": "2026-03-03", "to": "2026-03-03"}
    assert desk.mike.get("/api/v1/order-revenue", query_string=one_day).json["count"] == 0
    assert desk.client("clerk", "warehouse").get("/api/v1/order-revenue").status_code == 403


def test_revenue_in_a_currency_that_does_not_exist_is_refused(desk: Desk):
    answer = desk.mike.get("/api/v1/order-revenue", query_string={"currency": "CON"})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["currency"]


def test_a_customer_is_summed_up(desk: Desk):
    for amount in ("50.01", "70.00"):
        sold(desk, dear(amount))
    gone, waiting = desk.order(dear("100.00")), desk.order(dear("30.00"))
    desk.cancel(gone)
    Others(desk, gone).play("stock_released")
    Others(desk, waiting).play("reserved", "refused")
    desk.quote()
    relay(desk)

    found = desk.nancy.get(f"/api/v1/customers/{HARBOR.id}/sales-summary").json

    assert (found["orders"], found["revenue"]["amount"], found["average_order_value"]["amount"]) == (
        2,
        "120.01",
        "60.01",
    )
    assert (found["open_quotations"], found["first_ordered_on"], found["last_ordered_on"]) == (
        1,
        "2026-03-02",
        "2026-03-02",
    )
    assert [row["number"] for row in found["last_orders"]] == [f"SO-00000{place}" for place in (4, 3, 2, 1)]
    (held,) = found["open_holds"]
    assert (held["number"], held["order_id"], held["hold"]["code"], held["hold"]["owner"]) == (
        "SO-000004",
        waiting.id,
        "credit",
        "finance",
    )
    assert held["hold"]["releases_by"] == "finance.payment.received, limit change or approved override"
    assert held["hold"]["figures"]["shortfall"] == "80.00 USD"


def test_what_a_customer_bought_in_another_currency_is_not_added_to_it(desk: Desk):
    sold(desk, dear("50.01"))
    other = {"month": "2025-07", "currency": "EUR", "customer_id": HARBOR.id, "orders": 9, "net_minor": 900}
    with desk.database.engine.begin() as connection:
        connection.execute(insert(buyer_month), other)

    found = desk.nancy.get(f"/api/v1/customers/{HARBOR.id}/sales-summary").json

    assert (found["orders"], found["revenue"]) == (1, {"amount": "50.01", "currency": "USD"})


def test_a_customer_without_business_is_summed_up_too(desk: Desk):
    found = desk.nancy.get(f"/api/v1/customers/{HARBOR.id}/sales-summary").json

    assert (found["orders"], found["revenue"], found["average_order_value"]) == (
        0,
        {"amount": "0.00", "currency": "USD"},
        {"amount": "0.00", "currency": "USD"},
    )
    assert desk.mike.get(f"/api/v1/customers/{UNKNOWN}/sales-summary").status_code == 404
