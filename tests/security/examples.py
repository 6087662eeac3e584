"""A valid request of every operation: only beside one can a single hostile field be what is refused.

A route that is new here fails ``test_every_operation_has_an_example``: write the request that a well-meaning caller
would send, with every field that the schema knows.
"""

from __future__ import annotations

from typing import Any

from tests.e2e.world import usd
from tests.security.bodies import a_counter_sale, a_process, an_order_type
from tests.security.example import Example, Make
from tests.security.example import document as _document
from tests.security.example import listing as _listing
from tests.security.example import of_a_fresh_customer as _of_a_fresh_customer
from tests.security.example import of_customer as _of_customer
from tests.security.examples_of_books import BOOKS
from tests.security.examples_of_fulfilment import FULFILMENT
from tests.security.examples_of_payables import PAYABLES
from tests.security.examples_of_production import PRODUCTION
from tests.security.examples_of_quoting import QUOTING, TEXTS
from tests.security.examples_of_settlement import SETTLEMENT
from tests.security.examples_of_stock import STOCK
from tests.security.examples_of_taxes import TAXES
from tests.security.shelf import PASSWORD, Shelf


def _days(shelf: Shelf) -> dict[str, str]:
    return {"issued_on": _today(shelf), "valid_until": "2199-12-31", "promised_on": "2199-12-31"}


def _today(shelf: Shelf) -> str:
    return str(shelf.quotation["issued_on"])


def _price_line(shelf: Shelf) -> dict[str, Any]:
    return {"item_id": shelf.item["id"], "min_quantity": "1", "unit_price": usd("100.00")}


def _stock_line(shelf: Shelf) -> dict[str, Any]:
    return shelf.line("3") | {"lot": None, "expires_on": None, "unit_cost": usd("40.00")}


def _part(delivery: Any) -> dict[str, Any]:
    return {"order_line_id": delivery["lines"][0]["order_line_id"], "quantity": "1"}


def _contact(shelf: Shelf) -> dict[str, Any]:
    return {"name": "Li Wei", "email": "li@example.com", "phone": "+86 21 5555", "role": "Buyer"}


def _address(shelf: Shelf) -> dict[str, Any]:
    return {
        "country": "China", "city": "Shanghai", "address": "1 Bund\nFloor 2", "phone": "+86 21 5555",
        "email": "desk@example.com", "active": True, "group": None, "region": None,
    }  # fmt: skip


def _customer(shelf: Shelf) -> Example:
    body = {"number": shelf.named("N"), "name": "Quay Works", "owner_id": shelf.owner_id, "currency": "USD"}
    return Example(body=body | _address(shelf))


def _customer_change(shelf: Shelf) -> Example:
    customer = shelf.fresh_customer()
    return Example(
        {"customer_id": customer["id"]},
        {"name": "Quay Works", **_address(shelf)},
        headers={"If-Match": f'"{customer["version"]}"'},
    )


def _quotation(shelf: Shelf) -> Example:
    line = shelf.line() | {"unit_price": usd("99.00"), "discount_percent": "5"}
    free = shelf.line() | {"discount_percent": "5"}
    first = shelf.line() | {"choice": "alternative", "group": "Size", "preselected": True}
    body = {"customer_id": shelf.customer["id"], "channel": "web", "texts": TEXTS}
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
            "lines": [line],
            **days,
        },
    )


def _flow(shelf: Shelf) -> Example:
    """One that is not active: what asks for approvals here must not stop the documents of the other examples."""
    customer, more = shelf.watched["id"], []
    for name, value in (("percent", "5"), ("flag", True), ("amount", usd("1.00"))):
        field = {"percent": "largest_discount", "flag": "price_overridden", "amount": "total"}[name]
        more.append({"field": field, "comparison": "equals", name: value})
    step = {
        "name": "Manager", "stage": 1, "approvers": [{"kind": "role", "name": "sales_manager"}], "needs": "number",
        "number": 1, "escalate_after_hours": 4, "escalate_to": "finance",
    }  # fmt: skip
    body = shelf.flow(customer, active=False, steps=[step])
    body["cases"][0]["clauses"] += more
    return Example(body=body)


def _tried(shelf: Shelf) -> Example:
    return Example(body=_flow(shelf).body | {"last": 10})


def _decision(shelf: Shelf) -> Example:
    body = {"decision": "approve", "step": 1, "comment": "Fine", "on_behalf_of": shelf.manager_id}
    return Example({"approval_id": shelf.fresh_approval()["id"]}, body)


def _delegation(shelf: Shelf) -> Example:
    days = {"first_day": shelf.days_on(0), "last_day": shelf.days_on(30)}
    return Example(body={"deputy_id": shelf.named("deputy"), "reason": "Away", **days})


def _policy(shelf: Shelf) -> Example:
    days = {"valid_from": "2026-01-01", "valid_until": "2199-12-31"}
    body = {
        "name": shelf.named("List"),
        "currency": "USD",
        "customer_id": None,
        "customer_group": "wholesale",
        "channel": "web",
        "region": "north",
        "lines": [_price_line(shelf), _formula_line(shelf)],
    }
    return Example(body=body | days)


def _formula_line(shelf: Shelf) -> dict[str, Any]:
    formula = {"base": "policy", "policy": shelf.policy_for_all["name"], "percent_off": "10"}
    return {"item_id": shelf.item["id"], "min_quantity": "10", "formula": formula}


def _trial(shelf: Shelf) -> Example:
    line = shelf.line() | {"discount_percent": "5"}
    body = {"customer_id": shelf.customer["id"], "on": "2199-12-31", "channel": "web", "lines": [line]}
    return Example(body=body | {"coupon": shelf.coupon})


def _promotion(shelf: Shelf) -> Example:
    body = {
        "name": shelf.named("Spring"), "currency": "USD", "customer_id": None, "customer_group": "wholesale",
        "channel": "web", "region": "north", "valid_from": "2026-01-01", "valid_until": "2199-12-31",
        "priority": 3, "exclusive": True, "coupon": shelf.named("SPRING"), "max_uses": 1000,
    }  # fmt: skip
    gift = {"items": [shelf.item["id"]], "percent": "5", "min_quantity": "2"}
    others = {"amount_off": None, "free_units": None, "bundle": None}
    return Example(body=body | others | {"percent_off": gift})


def _item(shelf: Shelf) -> Example:
    body = {"sku": shelf.named("SKU"), "name": "Valve", "category": "Valves", "uom": "pcs"}
    return Example(body=body | {"decimals": 0, "lot_tracked": False, "active": True})


def _receipt(shelf: Shelf) -> Example:
    body = {"warehouse_id": shelf.warehouse_id, "received_on": _today(shelf), "reference": "R 1"}
    return Example(body=body | {"lines": [_stock_line(shelf)]})


def _opening(shelf: Shelf) -> Example:
    line = _stock_line(shelf) | {"item_id": shelf.world.item()["id"]}
    return Example(body={"warehouse_id": shelf.warehouse_id, "lines": [line]})


def _adjustment(shelf: Shelf) -> Example:
    body = {"warehouse_id": shelf.warehouse_id, "adjusted_on": _today(shelf), "reason": "Counted"}
    return Example(body=body | {"lines": [shelf.line("1") | {"lot": None, "unit_cost": usd("40.00")}]})


def _shipment(shelf: Shelf) -> Example:
    delivery = shelf.fresh_delivery()
    body = {"shipped_on": _today(shelf), "lines": [_part(delivery)]}
    with_whom = {"carrier": shelf.carrier["code"], "tracking_numbers": [shelf.named("T")]}
    return Example({"delivery_id": delivery["id"]}, body | with_whom)


def _pick(shelf: Shelf) -> Example:
    delivery = shelf.fresh_delivery()
    part = _part(delivery) | {"quantity": "4", "lot": None, "reason": None}
    short = _part(delivery) | {"lot": None, "reason": "damaged", "note": "Wet"}
    return Example({"delivery_id": delivery["id"]}, {"lines": [part], "short": [short]})


def _return_part(shelf: Shelf, delivery: Any) -> dict[str, Any]:
    return {"delivery_id": delivery["id"], "reason": "Leaks", "lines": [_part(delivery) | {"lot": None}]}


def _of_return(state: str, body: Any) -> Make:
    return lambda shelf: Example({"return_id": shelf.fresh_return(state)["id"]}, body)


def _return_receipt(shelf: Shelf) -> Example:
    body = {"warehouse_id": shelf.warehouse_id, "received_on": _today(shelf)}
    line = {"line_no": 1, "quantity": "1"}
    return Example({"return_id": shelf.fresh_return("approved")["id"]}, body | {"lines": [line]})


def _kept(shelf: Shelf) -> Example:
    body = {"order_id": shelf.fresh_advance()["order_id"], "amount": usd("1.00")}
    return Example({"payment_id": shelf.fresh_payment()["id"]}, body)


def _payment(shelf: Shelf) -> Example:
    allocation = {"invoice_id": shelf.invoice["id"], "amount": usd("0.01")}
    body = {"customer_id": shelf.customer["id"], "amount": usd("1.00"), "reference": shelf.named("RE")}
    return Example(body=body | {"received_on": _today(shelf), "allocations": [allocation]})


def _bank_file(shelf: Shelf) -> Example:
    form = {"account": "DE02", "currency": "USD", "number": "7", "delimiter": "comma", "decimal": "point"}
    columns = {"booked_on": "day", "amount": "sum", "text": "what", "reference": "no", "payer": "who"}
    columns |= {"payer_account": "from"}
    content = f"day,sum,what,no,who,from\n{_today(shelf)},1.00,x,{shelf.named('RE')},Li Wei,CH93\n"
    return Example(
        body={"format": "csv", "content": content, "csv": form | {"columns": columns, "day_order": "ymd"}}
    )


def _bank_booking(shelf: Shelf) -> Example:
    allocation = {"invoice_id": shelf.invoice["id"], "amount": usd("0.01")}
    body = {"customer_id": shelf.customer["id"], "received_on": _today(shelf), "allocations": [allocation]}
    return Example({"line_id": shelf.fresh_bank_line()["id"]}, body)


def _bank_link(shelf: Shelf) -> Example:
    return Example(
        {"line_id": shelf.fresh_bank_line("50.00")["id"]}, {"payment_id": shelf.fresh_payment()["id"]}
    )


def _credit_note(shelf: Shelf) -> Example:
    line = {"line_no": 1, "amount": usd("0.01")}
    body = {"invoice_id": shelf.invoice["id"], "reason": "Damaged", "lines": [line]}
    return Example(body=body | {"posted_on": _today(shelf)})


def _credit_allocation(shelf: Shelf) -> Example:
    body = {"invoice_id": shelf.invoice["id"], "amount": usd("0.01")}
    return Example({"credit_note_id": shelf.credit_note["id"]}, body)


def _dunning_policy(_shelf: Shelf) -> Example:
    levels = [{"after_days": days, "stops_credit": False} for days in (7, 21, 45)]
    return Example(body={"levels": levels, "days_between": 7, "automatic": False})


def _allocation(shelf: Shelf) -> Example:
    body = {"invoice_id": shelf.invoice["id"], "amount": usd("0.01")}
    return Example({"payment_id": shelf.payment["id"]}, body)


def _ticket(shelf: Shelf) -> Example:
    body = {"customer_id": shelf.customer["id"], "kind": "technical", "subject": "It drips"}
    about = {"description": "Since\nMonday", "opened_on": _today(shelf)}
    return Example(body=body | about | {"order_id": shelf.order["id"], "item_id": shelf.item["id"]})


def _resolution(shelf: Shelf) -> Example:
    body = {"resolution": "Tightened", "resolved_on": _today(shelf)}
    return Example({"ticket_id": shelf.fresh_ticket()["id"]}, body)


def _supply_policy(shelf: Shelf) -> Example:
    body = {"method": "buy", "supplier_id": shelf.supplier["id"], "lead_days": 5}
    body["source_id"] = shelf.warehouse_id
    return Example({"item_id": shelf.world.item()["id"]}, body | {"multiple": "5", "minimum": "10"})


def _supplier_price(shelf: Shelf) -> Example:
    body = {"item_id": shelf.bought_item["id"], "unit_price": usd("2.5000"), "minimum": "100"}
    return Example({"supplier_id": shelf.supplier["id"]}, body | {"valid_from": "2026-01-01"})


def _reorder_point(shelf: Shelf) -> Example:
    body = {"minimum": "5", "maximum": "20", "multiple": "5", "horizon_days": 30}
    return Example(shelf.fresh_reorder_point(), body)


def _requisition(shelf: Shelf) -> Example:
    body = {"item_id": shelf.bought_item["id"], "warehouse_id": shelf.warehouse_id, "quantity": "10"}
    return Example(body=body | {"supplier_id": shelf.supplier["id"], "note": "For the\nfair"})


def _requisition_end(shelf: Shelf) -> Example:
    return Example({"requisition_id": shelf.fresh_requisition()["id"]}, {"reason": "Not needed"})


def _purchase_order(shelf: Shelf) -> Example:
    line = {"requisition_id": shelf.fresh_requisition(approved=True)["id"], "unit_price": usd("2.5000")}
    body = {"supplier_id": shelf.supplier["id"], "expected_on": "2199-12-31", "reference": "Q 1"}
    return Example(body=body | {"lines": [line]})


def _of_purchase_order(order: Any, body: Any) -> Example:
    return Example({"purchase_order_id": order["id"]}, body)


def _purchase_confirmation(shelf: Shelf) -> Example:
    order = shelf.fresh_purchase_order(sent=True)
    line = {"line_id": order["lines"][0]["id"], "expected_on": "2199-12-31"}
    return _of_purchase_order(order, {"lines": [line]})


def _purchase_receipt(shelf: Shelf) -> Example:
    order = shelf.fresh_purchase_order(sent=True)
    line = {"line_id": order["lines"][0]["id"], "quantity": "3", "lot": None, "expires_on": None}
    line |= {"unit_cost": usd("40.00")}
    return _of_purchase_order(order, {"received_on": _today(shelf), "reference": "DN 1", "lines": [line]})


def _dispatch(shelf: Shelf) -> Example:
    order = shelf.fresh_drop_shipment()
    line = {"line_id": order["lines"][0]["id"], "quantity": "1", "lot": None, "expires_on": None}
    return _of_purchase_order(order, {"dispatched_on": _today(shelf), "reference": "LS 1", "lines": [line]})


def _user(shelf: Shelf) -> Example:
    return Example(body={"username": shelf.named("u"), "name": "U", "roles": ["sales"], "password": PASSWORD})


def _own_password(shelf: Shelf) -> Example:
    bearer = shelf.login(shelf.fresh_user()["username"])["access_token"]
    return Example(body={"current": PASSWORD, "password": PASSWORD + "!"}, bearer=bearer)


def _session(shelf: Shelf) -> Example:
    return Example(body={"refresh_token": shelf.login(shelf.user["username"])["refresh_token"]})


def _login(shelf: Shelf) -> Example:
    return Example(body={"username": shelf.user["username"], "password": PASSWORD})


def _api_key(shelf: Shelf) -> Example:
    return Example({"key_id": shelf.post("admin", "/api-keys", {"name": "Shop"})["id"]})


def _conversation(shelf: Shelf) -> Example:
    return Example(query={"correlation_id": shelf.order["conversation_id"]})


EXAMPLES: dict[str, Make] = BOOKS | FULFILMENT | PAYABLES | PRODUCTION | QUOTING | SETTLEMENT | STOCK | TAXES | {
    "POST /api/v1/auth/login": _login,
    "POST /api/v1/auth/logout": _session,
    "POST /api/v1/auth/refresh": _session,
    "POST /api/v1/auth/password": _own_password,
    "GET /api/v1/auth/me": _listing,
    "GET /api/v1/api-keys": _listing,
    "POST /api/v1/api-keys": lambda shelf: Example(body={"name": "Shop"}),
    "DELETE /api/v1/api-keys/{key_id}": _api_key,
    "GET /api/v1/users": _listing,
    "POST /api/v1/users": _user,
    "GET /api/v1/users/{user_id}": _document("user_id", lambda shelf: shelf.user),
    "PATCH /api/v1/users/{user_id}": lambda shelf: Example(
        {"user_id": shelf.fresh_user()["id"]}, {"name": "Pat", "roles": ["sales"], "active": True}
    ),
    "DELETE /api/v1/users/{user_id}": _document("user_id", lambda shelf: shelf.fresh_user()),
    "PUT /api/v1/users/{user_id}/password": lambda shelf: Example(
        {"user_id": shelf.fresh_user()["id"]}, {"password": PASSWORD}
    ),
    "GET /api/v1/customers": _listing,
    "POST /api/v1/customers": _customer,
    "GET /api/v1/customers/{customer_id}": _of_customer,
    "PATCH /api/v1/customers/{customer_id}": _customer_change,
    "GET /api/v1/customers/{customer_id}/360": _of_customer,
    "GET /api/v1/customers/{customer_id}/contacts": _of_customer,
    "POST /api/v1/customers/{customer_id}/contacts": lambda shelf: Example(
        {"customer_id": shelf.customer["id"]}, _contact(shelf)
    ),
    "POST /api/v1/customers/{customer_id}/owner": lambda shelf: Example(
        _of_a_fresh_customer(shelf), {"owner_id": shelf.owner_id}
    ),
    "GET /api/v1/customers/{customer_id}/sales-summary": _of_customer,
    "GET /api/v1/customers/{customer_id}/delivery-summary": _of_customer,
    "GET /api/v1/customers/{customer_id}/service-summary": _of_customer,
    "GET /api/v1/quotations": _listing,
    "POST /api/v1/quotations": _quotation,
    "GET /api/v1/quotations/{quotation_id}": _document("quotation_id", lambda shelf: shelf.quotation),
    "POST /api/v1/quotations/again": lambda shelf: Example(
        body={"customer_id": shelf.customer["id"], "order_id": shelf.order["id"], "valid_until": "2199-12-31",
              "promised_on": "2199-12-31", "channel": "web", "order_type": "standard"}
    ),
    "GET /api/v1/quotations/{quotation_id}/changes": lambda shelf: Example(
        {"quotation_id": shelf.revision["id"]}, query={"since": "1"}
    ),
    "POST /api/v1/quotations/{quotation_id}/revise": _revision,
    "POST /api/v1/quotations/{quotation_id}/send": _document(
        "quotation_id", lambda shelf: shelf.fresh_quotation()
    ),
    "POST /api/v1/quotations/{quotation_id}/accept": lambda shelf: Example(
        {"quotation_id": shelf.fresh_choice()["id"]}, {"ordered_on": _today(shelf), "chosen": [2]}
    ),
    "POST /api/v1/quotations/{quotation_id}/decline": lambda shelf: Example(
        {"quotation_id": shelf.fresh_quotation(sent=True)["id"]}, {"reason": "Too dear"}
    ),
    "GET /api/v1/approvals": _listing,
    "GET /api/v1/approvals/{approval_id}": _document("approval_id", lambda shelf: shelf.approval),
    "POST /api/v1/approvals/{approval_id}/decide": _decision,
    "POST /api/v1/approvals/{approval_id}/withdraw": lambda shelf: Example(
        {"approval_id": shelf.fresh_approval()["id"]}, {"comment": "A slip"}
    ),
    "GET /api/v1/approval-flows": _listing,
    "POST /api/v1/approval-flows": _flow,
    "POST /api/v1/approval-flows/try": _tried,
    "GET /api/v1/approval-flows/{flow_id}": _document("flow_id", lambda shelf: shelf.flow_of_watched),
    "GET /api/v1/approval-delegations": _listing,
    "POST /api/v1/approval-delegations": _delegation,
    "POST /api/v1/approval-delegations/{delegation_id}/end": _document(
        "delegation_id", lambda shelf: shelf.fresh_delegation("admin")
    ),
    "GET /api/v1/orders": _listing,
    "GET /api/v1/orders/{order_id}": _document("order_id", lambda shelf: shelf.order),
    "GET /api/v1/orders/{order_id}/timeline": _document("order_id", lambda shelf: shelf.order),
    "POST /api/v1/orders/{order_id}/cancel": lambda shelf: Example(
        {"order_id": shelf.fresh_order()["id"]}, {"reason": "Changed plans"}
    ),
    "GET /api/v1/order-revenue": lambda shelf: Example(query={"currency": "USD"}),
    "GET /api/v1/price-policies": _listing,
    "POST /api/v1/price-policies": _policy,
    "POST /api/v1/price-policies/try": _trial,
    "GET /api/v1/price-policies/{policy_id}": _document("policy_id", lambda shelf: shelf.policy),
    "POST /api/v1/counter-sales": lambda shelf: Example(body=a_counter_sale(shelf)),
    "GET /api/v1/order-types": _listing,
    "POST /api/v1/order-types": lambda shelf: Example(body=an_order_type(shelf)),
    "POST /api/v1/order-types/try": lambda _shelf: Example(body={"process": a_process(), "last": 10}),
    "GET /api/v1/order-types/{type_id}": _document("type_id", lambda shelf: shelf.order_type),
    "GET /api/v1/promotions": _listing,
    "POST /api/v1/promotions": _promotion,
    "GET /api/v1/promotions/{promotion_id}": _document("promotion_id", lambda shelf: shelf.promotion),
    "GET /api/v1/items": _listing,
    "POST /api/v1/items": _item,
    "GET /api/v1/items/{item_id}": _document("item_id", lambda shelf: shelf.item),
    "PATCH /api/v1/items/{item_id}": lambda shelf: Example(
        {"item_id": shelf.world.item()["id"]}, {"name": "A+ valve", "category": None, "active": True}
    ),
    "GET /api/v1/suppliers": _listing,
    "POST /api/v1/suppliers": lambda shelf: Example(
        body={"number": shelf.named("S"), "name": "Foundry", "contact_name": "Li", "country": "China",
              "city": "Wuxi", "address": "2 Lake Road", "phone": "+86 510 1"}
    ),
    "GET /api/v1/suppliers/{supplier_id}/prices": _document("supplier_id", lambda shelf: shelf.supplier),
    "POST /api/v1/suppliers/{supplier_id}/prices": _supplier_price,
    "GET /api/v1/items/{item_id}/supply-policy": _document("item_id", lambda shelf: shelf.bought_item),
    "PUT /api/v1/items/{item_id}/supply-policy": _supply_policy,
    "GET /api/v1/items/{item_id}/availability": lambda shelf: Example(
        {"item_id": shelf.bought_item["id"]}, query={"quantity": "5"}
    ),
    "GET /api/v1/purchasing-rules": _listing,
    "PUT /api/v1/purchasing-rules": lambda _shelf: Example(
        body={"approval_limit": usd("900000.00"), "over_receipt_bp": 500}
    ),
    "GET /api/v1/reorder-points": _listing,
    "PUT /api/v1/reorder-points/{item_id}/{warehouse_id}": _reorder_point,
    "DELETE /api/v1/reorder-points/{item_id}/{warehouse_id}": lambda shelf: Example(shelf.fresh_reorder_point()),
    "GET /api/v1/purchase-requisitions": _listing,
    "POST /api/v1/purchase-requisitions": _requisition,
    "GET /api/v1/purchase-requisitions/{requisition_id}": _document(
        "requisition_id", lambda shelf: shelf.requisition
    ),
    "POST /api/v1/purchase-requisitions/{requisition_id}/approve": lambda shelf: Example(
        {"requisition_id": shelf.fresh_requisition()["id"]}, {}
    ),
    "POST /api/v1/purchase-requisitions/{requisition_id}/reject": _requisition_end,
    "POST /api/v1/purchase-requisitions/{requisition_id}/cancel": _requisition_end,
    "GET /api/v1/purchase-orders": _listing,
    "POST /api/v1/purchase-orders": _purchase_order,
    "GET /api/v1/purchase-orders/{purchase_order_id}": _document(
        "purchase_order_id", lambda shelf: shelf.purchase_order
    ),
    "POST /api/v1/purchase-orders/{purchase_order_id}/send": lambda shelf: _of_purchase_order(
        shelf.fresh_purchase_order(), {}
    ),
    "POST /api/v1/purchase-orders/{purchase_order_id}/confirm": _purchase_confirmation,
    "POST /api/v1/purchase-orders/{purchase_order_id}/receipts": _purchase_receipt,
    "POST /api/v1/purchase-orders/{purchase_order_id}/dispatches": _dispatch,
    "POST /api/v1/purchase-orders/{purchase_order_id}/close": lambda shelf: _of_purchase_order(
        shelf.fresh_purchase_order(sent=True), {"reason": "Sold out"}
    ),
    "POST /api/v1/purchase-orders/{purchase_order_id}/cancel": lambda shelf: _of_purchase_order(
        shelf.fresh_purchase_order(), {"reason": "They are shut"}
    ),
    "GET /api/v1/warehouses": _listing,
    "POST /api/v1/warehouses": lambda shelf: Example(
        body={"code": shelf.named("W"), "name": "North", "is_default": False}
    ),
    "GET /api/v1/warehouses/{warehouse_id}": lambda shelf: Example({"warehouse_id": shelf.warehouse_id}),
    "GET /api/v1/stock": _listing,
    "GET /api/v1/stock-moves": _listing,
    "GET /api/v1/reservations": _listing,
    "POST /api/v1/opening-stock": _opening,
    "POST /api/v1/receipts": _receipt,
    "POST /api/v1/stock-adjustments": _adjustment,
    "GET /api/v1/deliveries": _listing,
    "GET /api/v1/deliveries/{delivery_id}": _document("delivery_id", lambda shelf: shelf.delivery),
    "POST /api/v1/deliveries/{delivery_id}/pick": _pick,
    "POST /api/v1/deliveries/{delivery_id}/ship": _shipment,
    "GET /api/v1/returns": _listing,
    "POST /api/v1/returns": lambda shelf: Example(body=_return_part(shelf, shelf.fresh_shipped())),
    "GET /api/v1/returns/{return_id}": _document("return_id", lambda shelf: shelf.returned),
    "POST /api/v1/returns/{return_id}/approve": _of_return("requested", {"answer": "Send it"}),
    "POST /api/v1/returns/{return_id}/reject": _of_return("requested", {"answer": "Used"}),
    "POST /api/v1/returns/{return_id}/cancel": _of_return("requested", {"answer": "Kept"}),
    "POST /api/v1/returns/{return_id}/receive": _return_receipt,
    "POST /api/v1/returns/{return_id}/inspect": _of_return(
        "received",
        {"lines": [{"line_no": 1, "restock": "1", "scrap": "0", "credit": True, "note": "As new"}]},
    ),
    "GET /api/v1/accounts": _listing,
    "GET /api/v1/accounts/{customer_id}": _of_customer,
    "GET /api/v1/accounts/{customer_id}/statement": _of_customer,
    "PUT /api/v1/accounts/{customer_id}/credit-limit": lambda shelf: Example(
        _of_a_fresh_customer(shelf), {"limit": usd("900000.00")}
    ),
    "PUT /api/v1/accounts/{customer_id}/credit-stop": lambda shelf: Example(
        _of_a_fresh_customer(shelf), {"stopped": False, "reason": None}
    ),
    "GET /api/v1/ageing": _listing,
    "GET /api/v1/ageing/customers": _listing,
    "GET /api/v1/ageing/customers/{customer_id}": _of_customer,
    "GET /api/v1/bank-lines": lambda shelf: Example(query={"statement_id": shelf.bank_line["statement_id"]}),
    "GET /api/v1/bank-lines/{line_id}": _document("line_id", lambda shelf: shelf.bank_line),
    "POST /api/v1/bank-lines/{line_id}/book": _bank_booking,
    "POST /api/v1/bank-lines/{line_id}/ignore": lambda shelf: Example(
        {"line_id": shelf.fresh_bank_line()["id"]}, {"reason": "Our own"}
    ),
    "POST /api/v1/bank-lines/{line_id}/link": _bank_link,
    "POST /api/v1/bank-lines/{line_id}/take-up": _document("line_id", lambda shelf: shelf.bank_line),
    "GET /api/v1/bank-statements": _listing,
    "POST /api/v1/bank-statements": _bank_file,
    "POST /api/v1/bank-statements/{statement_id}/book-certain": lambda shelf: Example(
        {"statement_id": shelf.bank_line["statement_id"]}, {}
    ),
    "GET /api/v1/dunning/policy": _listing,
    "PUT /api/v1/dunning/policy": _dunning_policy,
    "GET /api/v1/dunning/proposals": _listing,
    "POST /api/v1/dunning/runs": lambda _shelf: Example(body={}),
    "GET /api/v1/dunning/reminders": _listing,
    "POST /api/v1/dunning/reminders": lambda shelf: Example(body={"customer_id": shelf.fresh_debtor()["id"]}),
    "GET /api/v1/dunning/reminders/{reminder_id}": _document("reminder_id", lambda shelf: shelf.reminder),
    "GET /api/v1/dunning/reminders/{reminder_id}/letter": _document(
        "reminder_id", lambda shelf: shelf.reminder
    ),
    "PUT /api/v1/invoices/{invoice_id}/dunning-pause": lambda shelf: Example(
        {"invoice_id": shelf.invoice["id"]}, {"until": "2199-12-31", "reason": "Disputed"}
    ),
    "GET /api/v1/invoices": _listing,
    "GET /api/v1/invoices/{invoice_id}": _document("invoice_id", lambda shelf: shelf.invoice),
    "GET /api/v1/credit-notes": _listing,
    "POST /api/v1/credit-notes": _credit_note,
    "GET /api/v1/credit-notes/{credit_note_id}": _document("credit_note_id", lambda shelf: shelf.credit_note),
    "POST /api/v1/credit-notes/{credit_note_id}/allocations": _credit_allocation,
    "GET /api/v1/journal-entries": _listing,
    "GET /api/v1/period-lock": _listing,
    "PUT /api/v1/period-lock": lambda _shelf: Example(body={"locked_until": None, "reason": "Opened again"}),
    "GET /api/v1/trial-balance": _listing,
    "GET /api/v1/general-ledger": lambda _shelf: Example(query={"account": "1200", "currency": "USD"}),
    "GET /api/v1/advances": _listing,
    "GET /api/v1/advances/{order_id}": lambda shelf: Example({"order_id": shelf.advance["order_id"]}),
    "GET /api/v1/payments": _listing,
    "POST /api/v1/payments": _payment,
    "GET /api/v1/payments/{payment_id}": _document("payment_id", lambda shelf: shelf.payment),
    "GET /api/v1/payments/{payment_id}/suggestions": _document("payment_id", lambda shelf: shelf.payment),
    "POST /api/v1/payments/{payment_id}/allocations": _allocation,
    "POST /api/v1/payments/{payment_id}/advances": _kept,
    "GET /api/v1/installed-items": _listing,
    "GET /api/v1/tickets": _listing,
    "POST /api/v1/tickets": _ticket,
    "GET /api/v1/tickets/{ticket_id}": _document("ticket_id", lambda shelf: shelf.ticket),
    "POST /api/v1/tickets/{ticket_id}/take": _document("ticket_id", lambda shelf: shelf.fresh_ticket()),
    "POST /api/v1/tickets/{ticket_id}/wait": _document("ticket_id", lambda shelf: shelf.fresh_ticket()),
    "POST /api/v1/tickets/{ticket_id}/resolve": _resolution,
    "POST /api/v1/tickets/{ticket_id}/reopen": _document(
        "ticket_id", lambda shelf: shelf.fresh_ticket(resolved=True)
    ),
    "POST /api/v1/tickets/{ticket_id}/close": _document(
        "ticket_id", lambda shelf: shelf.fresh_ticket(resolved=True)
    ),
    "GET /api/v1/events": _conversation,
}  # fmt: skip
