"""The people of the company: what each of them may want to do next, given what their screens show.

An act looks at the databases as a screen would and returns the request that somebody sends, or nothing when there is
nothing to do it to. Now and then they pick what is no longer open: screens are old, and refusals are answers too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from tests.simulation import aftersales, approvers, backers, buyers, changers, counters, holding_back, units
from tests.simulation.choosing import choose, usd
from tests.simulation.plant import Plant
from tests.simulation.requests import Request

Act = Callable[[Plant, Random], Request | None]
_KINDS_OF_ORDER = {7: "prepaid", 5: "on_proof", 3: "paid_ahead", 2: "in_one_piece"}
_KINDS = ("technical", "quality", "delivery", "billing", "other")


def quote(plant: Plant, rng: Random) -> Request | None:
    """A salesperson issues a quotation."""
    customer = rng.choice(plant.rows("sales", "SELECT id FROM customer ORDER BY id"))[0]
    items = plant.rows("sales", "SELECT id, decimals FROM item WHERE active ORDER BY id")
    chosen = [rng.choice(items) for _ in range(rng.choice((1, 1, 2, 3)))]
    lines = [{"item_id": item, "quantity": _some(rng, decimals)} for item, decimals in chosen]
    body = {"customer_id": customer, "lines": lines, "order_type": _kind(plant)}
    if rng.random() < 0.5:
        body["promised_on"] = _day(plant, rng.randint(1, 9))
    return Request("quote", "sales", "POST", "/quotations", body, {"quotation": 1})


def _kind(plant: Plant) -> str:
    """Return how the order will run: some are paid in advance, some invoiced when signed for, some leave whole."""
    number = plant.rows("sales", "SELECT COUNT(*) FROM quotation")[0][0]
    return next((kind for every, kind in _KINDS_OF_ORDER.items() if number % every == 0), "standard")


def _some(rng: Random, decimals: int) -> str:
    whole = rng.randint(1, 9)
    return str(whole) if not decimals else f"{whole}.{rng.randint(0, 99):02d}"


def accept(plant: Plant, rng: Random) -> Request | None:
    """The customer takes a quotation."""
    row = choose(plant, rng, "sales", "quotation", "id", "state IN ('draft', 'sent')")
    return (
        None
        if row is None
        else Request("accept", "sales", "POST", f"/quotations/{row[0]}/accept", makes={"order": 1})
    )


def decline(plant: Plant, rng: Random) -> Request | None:
    """The customer does not take it."""
    row = choose(plant, rng, "sales", "quotation", "id", "state IN ('draft', 'sent')")
    return (
        None
        if row is None
        else Request("decline", "sales", "POST", f"/quotations/{row[0]}/decline", {"reason": "too dear"})
    )


def cancel(plant: Plant, rng: Random) -> Request | None:
    """Somebody cancels an order, at any time."""
    row = choose(plant, rng, "sales", "sales_order", "id", "state NOT IN ('done', 'cancelled')")
    return (
        None
        if row is None
        else Request("cancel", "sales", "POST", f"/orders/{row[0]}/cancel", {"reason": "changed their mind"})
    )


def ship(plant: Plant, rng: Random) -> Request | None:
    """The warehouse ships a delivery note, or one line of it in part."""
    row = choose(plant, rng, "inventory", "delivery", "id", "state IN ('ready', 'picked')")
    if row is None:
        return None
    body = {"lines": _part(plant, rng, row[0])} if rng.random() < 0.4 else units.shipment(plant, row[0])
    return Request("ship", "inventory", "POST", f"/deliveries/{row[0]}/ship", body, {"shipment": 1})


def _part(plant: Plant, rng: Random, delivery: str) -> list[dict[str, Any]]:
    lines = plant.rows(
        "inventory",
        "SELECT order_line_id, SUM(quantity_milli) FROM delivery_line WHERE delivery_id = :id GROUP BY 1 ORDER BY 1",
        id=delivery,
    )
    line, milli = rng.choice(lines)
    quantity = rng.randint(1, max(1, milli // 1000)) * 1000
    return units.parts(plant, delivery, {line: min(quantity, milli)})


def pick(plant: Plant, rng: Random) -> Request | None:
    """The warehouse picks a delivery note."""
    row = choose(plant, rng, "inventory", "delivery", "id", "state = 'ready'")
    if row is None:
        return None
    body = units.shipment(plant, row[0]) if rng.random() < 0.7 else {}
    return Request("pick", "inventory", "POST", f"/deliveries/{row[0]}/pick", body)


def receive(plant: Plant, rng: Random) -> Request | None:
    """Goods come in."""
    items = plant.rows("inventory", "SELECT id, lot_tracked, decimals FROM item ORDER BY id")
    lasts = rng.choice((None, None, 0, 1, 3))
    return receipt(plant, [(*rng.choice(items), rng.randint(1, 12))], rng.randrange(2), lasts)


def receipt(
    plant: Plant, lines: list[tuple[Any, ...]], warehouse: int = 0, lasts: int | None = None
) -> Request:
    """Return the booking of (item, lot tracked, decimals, quantity) that came in; lots perhaps last only some days."""
    warehouses = plant.rows("inventory", "SELECT id FROM warehouse WHERE quarantine_of IS NULL ORDER BY id")
    number = plant.rows("inventory", "SELECT COUNT(*) FROM stock_document")[0][0]
    body = {
        "warehouse_id": warehouses[warehouse % len(warehouses)][0],
        "lines": [
            {"item_id": item, "quantity": str(quantity)}
            | ({"lot": f"L{number}"} if tracked else {})
            | ({"expires_on": _day(plant, lasts)} if tracked and lasts is not None else {})
            | units.fresh(plant, item, quantity)
            for item, tracked, _decimals, quantity in lines
        ],
    }
    return Request("receive", "inventory", "POST", "/receipts", body, {"document": 1})


def _day(plant: Plant, days: int) -> str:
    return str(plant.clock.now().date() + timedelta(days=days))


def adjust(plant: Plant, rng: Random) -> Request | None:
    """Somebody counts, and finds more or less than the books say."""
    row = choose(plant, rng, "inventory", "stock", "item_id, warehouse_id, lot", "on_hand_milli > 0")
    if row is None:
        return None
    item, warehouse, lot = row
    change = rng.choice((-2, -1, 1))
    line: dict[str, Any] = {"item_id": item, "quantity": str(change)} | ({"lot": lot} if lot else {})
    line |= units.fresh(plant, item, change) if change > 0 else units.gone(plant, item, warehouse, -change)
    body = {"warehouse_id": warehouse, "reason": "counted", "lines": [line]}
    return Request("adjust", "inventory", "POST", "/stock-adjustments", body, {"document": 1})


def pay(plant: Plant, rng: Random) -> Request | None:
    """Money comes in, for an invoice in whole or in part, or for nothing in particular."""
    asked = advances(plant)
    if asked and rng.random() < 0.5:
        return advance(plant, *rng.choice(asked))
    row = choose(plant, rng, "finance", "invoice", "id, customer_id, open_minor", "open_minor > 0")
    if row is None:
        customers = plant.rows("finance", "SELECT customer_id FROM account ORDER BY 1")
        return payment(plant, rng.choice(customers)[0], rng.randint(100, 30000))
    invoice, customer, left = row
    amount = left if rng.random() < 0.6 else rng.randint(1, max(1, left * 2))
    if amount == left and rng.random() < 0.3:  # what may be left out of it, if it is early enough
        amount -= left * 3 // 100
    share = min(amount, left)
    return payment(
        plant, customer, max(1, amount), (invoice, share) if share and rng.random() < 0.7 else None
    )


def advances(plant: Plant) -> list[tuple[str, str, int]]:
    """Return order, customer and cents of the advances that are not paid."""
    query = (
        "SELECT order_number, customer_id, amount_minor - covered_minor FROM advance WHERE state = 'asked'"
    )
    return [
        (number, customer, missing)
        for number, customer, missing in plant.rows("finance", query + " ORDER BY 1")
    ]


def advance(plant: Plant, order: str, customer: str, missing: int) -> Request:
    """Return the payment of an advance, by the order's number."""
    request = payment(plant, customer, missing)
    return replace(request, body={**request.body, "reference": f"{request.body['reference']} for {order}"})


def payment(plant: Plant, customer: str, amount: int, share: tuple[str, int] | None = None) -> Request:
    """Return a payment in cents, allocated to (invoice, cents) if that is given."""
    number = plant.rows("finance", "SELECT COUNT(*) FROM payment")[0][0]
    body: dict[str, Any] = {"customer_id": customer, "amount": usd(amount), "reference": f"BANK-{number}"}
    makes = {"payment": 1}
    if share is not None:
        body["allocations"] = [{"invoice_id": share[0], "amount": usd(share[1])}]
        makes["allocation"] = 1
    return Request("pay", "finance", "POST", "/payments", body, makes)


def allocate(plant: Plant, rng: Random) -> Request | None:
    """What was paid in advance is matched to an invoice."""
    row = choose(
        plant, rng, "finance", "payment", "id, customer_id, unallocated_minor", "unallocated_minor > 0"
    )
    if row is None:
        return None
    money, customer, left = row
    open_ = plant.rows(
        "finance",
        "SELECT id, open_minor FROM invoice WHERE customer_id = :c AND open_minor > 0 ORDER BY 1",
        c=customer,
    )
    if not open_:
        return None
    invoice, due = rng.choice(open_)
    amount = max(1, min(left, due))
    body = {"invoice_id": invoice, "amount": usd(amount)}
    return Request("allocate", "finance", "POST", f"/payments/{money}/allocations", body, {"allocation": 1})


def change_limit(plant: Plant, rng: Random) -> Request | None:
    """Somebody of finance changes a customer's credit limit."""
    customer = rng.choice(plant.rows("finance", "SELECT customer_id FROM account ORDER BY 1"))[0]
    limit = rng.choice((None, usd(rng.randint(0, 200) * 500), usd(rng.randint(20, 200) * 1000)))
    return Request("limit", "finance", "PUT", f"/accounts/{customer}/credit-limit", {"limit": limit})


def change_stop(plant: Plant, rng: Random) -> Request | None:
    """Somebody of finance stops a customer's credit, or lifts the stop."""
    customer = rng.choice(plant.rows("finance", "SELECT customer_id FROM account ORDER BY 1"))[0]
    body = {"stopped": rng.random() < 0.4, "reason": "late payer"}
    return Request("stop", "finance", "PUT", f"/accounts/{customer}/credit-stop", body)


def register(plant: Plant, rng: Random) -> Request | None:
    """A salesperson registers a customer."""
    name = f"Customer {rng.randint(1, 999)}"
    return Request("register", "crm", "POST", "/customers", {"name": name}, {"customer": 1})


def rename(plant: Plant, rng: Random) -> Request | None:
    """Somebody changes a customer's details."""
    customer, version = rng.choice(plant.rows("crm", "SELECT id, version FROM customer ORDER BY 1"))
    body = {"name": f"Renamed {rng.randint(1, 999)}"}
    return Request("rename", "crm", "PATCH", f"/customers/{customer}", body, version=version)


def reassign(plant: Plant, rng: Random) -> Request | None:
    """A customer gets another salesperson."""
    customer = rng.choice(plant.rows("crm", "SELECT id FROM customer ORDER BY 1"))[0]
    body = {"owner_id": rng.choice(("nancy", "janet", None))}
    return Request("reassign", "crm", "POST", f"/customers/{customer}/owner", body)


def retire_item(plant: Plant, rng: Random) -> Request | None:
    """An item is taken out of the range, or put back."""
    item = rng.choice(plant.rows("inventory", "SELECT id FROM item ORDER BY 1"))[0]
    return Request("item", "inventory", "PATCH", f"/items/{item}", {"active": rng.random() < 0.7})


def open_ticket(plant: Plant, rng: Random) -> Request | None:
    """A customer complains, perhaps about what they hold."""
    held = plant.rows("service_desk", "SELECT customer_id, order_id, item_id FROM installed_item ORDER BY id")
    body: dict[str, Any] = {"kind": rng.choice(_KINDS), "subject": "It rattles"}
    if held and rng.random() < 0.7:
        body |= dict(zip(("customer_id", "order_id", "item_id"), rng.choice(held), strict=True))
    else:
        body["customer_id"] = rng.choice(plant.rows("service_desk", "SELECT id FROM customer ORDER BY 1"))[0]
    return Request("complain", "service_desk", "POST", "/tickets", body, {"ticket": 1})


def work_on_ticket(plant: Plant, rng: Random) -> Request | None:
    """The service desk takes, answers or reopens a ticket."""
    row = choose(plant, rng, "service_desk", "ticket", "id", "state <> 'closed'")
    if row is None:
        return None
    verb = rng.choice(("take", "resolve", "reopen", "close"))
    body = {"resolution": "Tighten the screw"} if verb == "resolve" else {}
    return Request(f"{verb} ticket", "service_desk", "POST", f"/tickets/{row[0]}/{verb}", body)


ACTS: dict[Act, int] = {
    quote: 8,
    accept: 14,
    decline: 1,
    changers.change_order: 5,
    changers.withdraw_change: 1,
    cancel: 5,
    ship: 14,
    pick: 2,
    units.make_list: 4,
    units.walk_list: 6,
    units.give_up_list: 1,
    receive: 3,
    adjust: 1,
    counters.open_sheet: 4,
    counters.enter: 11,
    counters.close: 8,
    counters.decide: 4,
    counters.give_up: 1,
    pay: 10,
    allocate: 4,
    change_limit: 2,
    change_stop: 2,
    register: 1,
    rename: 2,
    reassign: 1,
    retire_item: 1,
    open_ticket: 2,
    work_on_ticket: 2,
    approvers.send: 3,
    approvers.decide: 6,
    approvers.withdraw: 1,
    approvers.decide_buying: 6,
    approvers.withdraw_buying: 1,
    buyers.answer_requisition: 6,
    buyers.ask_to_buy: 3,
    buyers.order_of_supplier: 8,
    buyers.send_purchase_order: 6,
    buyers.take_in: 6,
    buyers.end_purchase_order: 1,
    aftersales.sign: 5,
    backers.ask_to_send_back: 2,
    backers.answer_sending_back: 3,
    backers.ship_back: 3,
    backers.enter_supplier_invoice: 3,
    backers.enter_supplier_credit: 2,
    aftersales.ask_return: 3,
    aftersales.answer_return: 3,
    aftersales.receive_return: 3,
    aftersales.inspect_return: 3,
    aftersales.lower_price: 2,
    aftersales.allocate_credit: 2,
    holding_back.change_credit_policy: 2,
    holding_back.move_promise: 2,
    holding_back.rank_anew: 1,
}
