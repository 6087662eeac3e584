"""A valid request of every operation about the approvals of sales, their flows, and who stands in for whom."""

from __future__ import annotations

from tests.e2e.world import usd
from tests.security.example import Example, Make, document, listing
from tests.security.shelf import Shelf


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


APPROVALS: dict[str, Make] = {
    "GET /api/v1/approvals": listing,
    "GET /api/v1/approvals/{approval_id}": document("approval_id", lambda shelf: shelf.approval),
    "POST /api/v1/approvals/{approval_id}/decide": _decision,
    "POST /api/v1/approvals/{approval_id}/withdraw": lambda shelf: Example(
        {"approval_id": shelf.fresh_approval()["id"]}, {"comment": "A slip"}
    ),
    "GET /api/v1/approval-flows": listing,
    "POST /api/v1/approval-flows": _flow,
    "POST /api/v1/approval-flows/try": _tried,
    "GET /api/v1/approval-flows/{flow_id}": document("flow_id", lambda shelf: shelf.flow_of_watched),
    "GET /api/v1/approval-delegations": listing,
    "POST /api/v1/approval-delegations": _delegation,
    "POST /api/v1/approval-delegations/{delegation_id}/end": document(
        "delegation_id", lambda shelf: shelf.fresh_delegation("admin")
    ),
}
