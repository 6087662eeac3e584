"""Valid requests about credit in depth, payment terms, write-offs, refunds, and the approvals of them."""

from __future__ import annotations

from tests.e2e.world import usd
from tests.security.example import Example, Make, document, listing, of_a_fresh_customer, of_customer
from tests.security.shelf import Shelf


def _credit_override(shelf: Shelf) -> Example:
    body = {"order_id": shelf.fresh_short_order()["id"], "expires_on": shelf.days_on(10), "reason": "Trusted"}
    return Example(body=body | {"amount": usd("2000.00")})


def _of_finance_approval(shelf: Shelf) -> Example:
    return Example({"approval_id": shelf.override["approval_id"]})


def _finance_flow(shelf: Shelf) -> Example:
    """One that is not active: what asks for approvals here must not stop the documents of the other examples."""
    step = {
        "name": "Manager", "stage": 1, "approvers": [{"kind": "role", "name": "sales_manager"}], "needs": "number",
        "number": 1, "escalate_after_hours": 4, "escalate_to": "admin",
    }  # fmt: skip
    amount = {"field": "amount", "comparison": "at_least", "amount": usd("1.00")}
    return Example(body=shelf.finance_flow_body(active=False, steps=[step], clauses=[amount]))


def _what_if(shelf: Shelf) -> Example:
    today = str(shelf.quotation["issued_on"])  # also where the day that is asked about is left out
    payment = {"amount": usd("10.00"), "received_on": today}
    body = {"customer_id": shelf.customer["id"], "order_amount": usd("100.00")}
    return Example(body=body | {"payments": [payment], "on": "2199-12-31"})


SETTLEMENT: dict[str, Make] = {
    "GET /api/v1/accounts/{customer_id}/credit": of_customer,
    "POST /api/v1/accounts/{customer_id}/inherit-credit-limit": lambda shelf: Example(
        of_a_fresh_customer(shelf)
    ),
    "GET /api/v1/credit-policy": listing,
    "GET /api/v1/credit-group-limits": listing,
    "PUT /api/v1/credit-group-limits": lambda shelf: Example(
        body={"group": shelf.named("group"), "currency": "USD", "limit": usd("900.00"), "active": True}
    ),
    "POST /api/v1/credit-what-if": _what_if,
    "GET /api/v1/credit-overrides": listing,
    "POST /api/v1/credit-overrides": _credit_override,
    "GET /api/v1/credit-overrides/{override_id}": document("override_id", lambda shelf: shelf.override),
    "GET /api/v1/payment-terms": listing,
    "PUT /api/v1/payment-terms": lambda shelf: Example(body=shelf.terms_body()),
    "GET /api/v1/accounts/{customer_id}/payment-terms": of_customer,
    "PUT /api/v1/accounts/{customer_id}/payment-terms": lambda shelf: Example(
        of_a_fresh_customer(shelf), {"terms": shelf.terms["name"]}
    ),
    "GET /api/v1/write-off-tolerances": listing,
    "PUT /api/v1/write-off-tolerances": lambda _shelf: Example(body={"amount": usd("1.00")}),
    "GET /api/v1/write-offs": listing,
    "POST /api/v1/write-offs": lambda shelf: Example(body=shelf.loss(shelf.fresh_invoice()["id"])),
    "GET /api/v1/write-offs/{write_off_id}": document("write_off_id", lambda shelf: shelf.write_off),
    "POST /api/v1/write-offs/{write_off_id}/reverse": lambda shelf: Example(
        {"write_off_id": shelf.fresh_write_off()["id"]}, {"reversal_reason": "They paid"}
    ),
    "GET /api/v1/refunds": listing,
    "POST /api/v1/refunds": lambda shelf: Example(
        body={
            "payment_id": shelf.fresh_payment()["id"],
            "credit_note_id": None,
            "amount": usd("10.00"),
            "reason": "Paid twice",
        }
    ),
    "GET /api/v1/refunds/{refund_id}": document("refund_id", lambda shelf: shelf.refund),
    "GET /api/v1/finance-approvals": listing,
    "GET /api/v1/finance-approvals/{approval_id}": _of_finance_approval,
    "POST /api/v1/finance-approvals/{approval_id}/withdraw": lambda shelf: Example(
        {"approval_id": shelf.fresh_override()["approval_id"]}, {"comment": "Not needed"}
    ),
    "GET /api/v1/finance-approval-flows": listing,
    "POST /api/v1/finance-approval-flows": _finance_flow,
    "GET /api/v1/finance-approval-flows/{flow_id}": document("flow_id", lambda shelf: shelf.finance_flow),
}
