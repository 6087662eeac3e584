"""A valid request of every operation on quotations, orders and their types, and sales over the counter."""

from __future__ import annotations

from tests.e2e.world import usd
from tests.security.bodies import a_counter_sale, a_process, an_order_type
from tests.security.example import Example, Make, document, listing, today
from tests.security.examples_of_quoting import TEXTS
from tests.security.shelf import Shelf


def _days(shelf: Shelf) -> dict[str, str]:
    return {"issued_on": today(shelf), "valid_until": "2199-12-31", "promised_on": "2199-12-31"}


def _quotation(shelf: Shelf) -> Example:
    line = shelf.line() | {"unit_price": usd("99.00"), "discount_percent": "5"}
    free = shelf.line() | {"discount_percent": "5"}
    first = shelf.line() | {"choice": "alternative", "group": "Size", "preselected": True}
    body = {"customer_id": shelf.customer["id"], "channel": "web", "texts": TEXTS, "fields": {}}
    body |= {"lines": [first, line, free, shelf.line("2") | {"choice": "alternative", "group": "Size"}]}
    return Example(body=body | {"coupon": shelf.coupon, "order_type": "standard"} | _days(shelf))


def _revision(shelf: Shelf) -> Example:
    line = shelf.line("2") | {"unit_price": usd("99.00"), "discount_percent": "5"}
    days = {"valid_until": "2199-12-31", "promised_on": "2199-12-31"}
    return Example(
        {"quotation_id": shelf.fresh_quotation()["id"]},
        {
            "channel": "phone",
            "coupon": None,
            "order_type": "standard",
            "texts": TEXTS,
            "fields": {},
            "lines": [line],
            **days,
        },
    )


def _conversation(shelf: Shelf) -> Example:
    return Example(query={"correlation_id": shelf.order["conversation_id"]})


SALES: dict[str, Make] = {
    "GET /api/v1/quotations": listing,
    "POST /api/v1/quotations": _quotation,
    "GET /api/v1/quotations/{quotation_id}": document("quotation_id", lambda shelf: shelf.quotation),
    "POST /api/v1/quotations/again": lambda shelf: Example(
        body={
            "customer_id": shelf.customer["id"],
            "order_id": shelf.order["id"],
            "valid_until": "2199-12-31",
            "promised_on": "2199-12-31",
            "channel": "web",
            "order_type": "standard",
            "fields": {},
        }
    ),
    "GET /api/v1/quotations/{quotation_id}/changes": lambda shelf: Example(
        {"quotation_id": shelf.revision["id"]}, query={"since": "1"}
    ),
    "POST /api/v1/quotations/{quotation_id}/revise": _revision,
    "POST /api/v1/quotations/{quotation_id}/send": document(
        "quotation_id", lambda shelf: shelf.fresh_quotation()
    ),
    "POST /api/v1/quotations/{quotation_id}/accept": lambda shelf: Example(
        {"quotation_id": shelf.fresh_choice()["id"]}, {"ordered_on": today(shelf), "chosen": [2]}
    ),
    "POST /api/v1/quotations/{quotation_id}/cancel": lambda shelf: Example(
        {"quotation_id": shelf.fresh_quotation()["id"]}, {"reason": "A wrong price"}
    ),
    "POST /api/v1/quotations/{quotation_id}/decline": lambda shelf: Example(
        {"quotation_id": shelf.fresh_quotation(sent=True)["id"]}, {"reason": "Too dear"}
    ),
    "GET /api/v1/orders": listing,
    "GET /api/v1/orders/{order_id}": document("order_id", lambda shelf: shelf.order),
    "GET /api/v1/orders/{order_id}/timeline": document("order_id", lambda shelf: shelf.order),
    "POST /api/v1/orders/{order_id}/cancel": lambda shelf: Example(
        {"order_id": shelf.fresh_order()["id"]}, {"reason": "Changed plans"}
    ),
    "GET /api/v1/order-revenue": lambda shelf: Example(query={"currency": "USD"}),
    "POST /api/v1/counter-sales": lambda shelf: Example(body=a_counter_sale(shelf)),
    "GET /api/v1/order-types": listing,
    "POST /api/v1/order-types": lambda shelf: Example(body=an_order_type(shelf)),
    "POST /api/v1/order-types/try": lambda _shelf: Example(body={"process": a_process(), "last": 10}),
    "GET /api/v1/order-types/{type_id}": document("type_id", lambda shelf: shelf.order_type),
    "GET /api/v1/events": _conversation,
}
