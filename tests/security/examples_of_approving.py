"""Valid requests about approvals beyond quotations: flows, deputies, fields, superiors, and the inbox."""

from __future__ import annotations

from typing import Any

from tests.e2e.world import usd
from tests.security.example import Example, Make, document, listing
from tests.security.shelf import PASSWORD, Shelf

_STEP = {
    "name": "Superior", "stage": 1, "needs": "any", "number": 1, "escalate_after_hours": 4, "escalate_to": "admin",
    "otherwise": "finance", "approvers": [{"kind": "superior", "level": 2}, {"kind": "role", "name": "finance"}],
}  # fmt: skip


def _kept(shelf: Shelf, name: str, make: Any) -> Any:
    """Return what a shelf has of this name, made once; beside what it has by itself."""
    own = vars(shelf).setdefault("kept for approvals", {})
    if name not in own:
        own[name] = make()
    return own[name]


def _id_of(shelf: Shelf, who: str) -> str:
    return str(shelf.system[who].get("/auth/me")["id"])


def _lent(shelf: Shelf, prefix: str) -> str:
    """Return the id of who has named the administrator deputy for approvals of a service."""

    def lend() -> str:
        days = {"first_day": shelf.days_on(-1), "last_day": shelf.days_on(30)}
        body = {"deputy_id": _id_of(shelf, "admin"), **days}
        shelf.post("fay", f"/{prefix}-approval-delegations", body)
        return _id_of(shelf, "fay")

    return str(_kept(shelf, f"{prefix} deputy", lend))


def _delegation(shelf: Shelf) -> Example:
    days = {"first_day": shelf.days_on(0), "last_day": shelf.days_on(30)}
    return Example(body={"deputy_id": shelf.named("deputy"), "reason": "Away", **days})


def _fresh_delegation(prefix: str) -> Make:
    def make(shelf: Shelf) -> Example:
        made = shelf.post("admin", f"/{prefix}-approval-delegations", _delegation(shelf).body)
        return Example({"delegation_id": made["id"]})

    return make


def _decision(shelf: Shelf, prefix: str, approval_id: str) -> Example:
    body = {"decision": "approve", "step": 1, "comment": "Fine", "on_behalf_of": _lent(shelf, prefix)}
    return Example({"approval_id": approval_id}, body)


def _finance_tried(shelf: Shelf) -> Example:
    amount = {"field": "amount", "comparison": "at_least", "amount": usd("1.00")}
    body = shelf.finance_flow_body(active=False, steps=[_STEP], clauses=[amount])
    return Example(body=body | {"last": 10})


def _bought(shelf: Shelf) -> Any:
    """Return an item whose requisitions must be approved by finance, each of them."""

    def make() -> Any:
        item = shelf.world.item()
        shelf.post("fay", "/inventory-approval-flows", _flow_body(shelf, item["id"]))
        return item

    return _kept(shelf, "watched item", make)


def _flow_body(shelf: Shelf, item_id: str, **more: Any) -> dict[str, Any]:
    clause = {"field": "item_id", "comparison": "one_of", "texts": [item_id]}
    step = {"name": "Money", "approvers": [{"kind": "role", "name": "finance"}]}
    body = {"document": "purchase_requisition", "name": shelf.named("Flow"), "steps": [step]}
    return body | {"cases": [{"clauses": [clause]}]} | more


def _flow(shelf: Shelf) -> Example:
    """One that is not active: what asks for approvals here must not stop the documents of the other examples."""
    body = _flow_body(shelf, shelf.item["id"], active=False, steps=[_STEP])
    body["cases"][0]["clauses"] += [
        {"field": "amount", "comparison": "at_least", "amount": usd("1.00")},
        {"field": "value_unknown", "comparison": "equals", "flag": True},
    ]
    return Example(body=body)


def _tried(shelf: Shelf) -> Example:
    return Example(body=_flow(shelf).body | {"last": 10})


def _flow_of_bought(shelf: Shelf) -> Any:
    item_id = shelf.item["id"]
    body = _flow_body(shelf, item_id, active=False)
    return _kept(shelf, "flow", lambda: shelf.post("fay", "/inventory-approval-flows", body))


def _approval(shelf: Shelf) -> str:
    body = {"item_id": _bought(shelf)["id"], "warehouse_id": shelf.warehouse_id, "quantity": "3"}
    return str(shelf.post("wim", "/purchase-requisitions", body)["approval_id"])


def _user(shelf: Shelf) -> Example:
    body = {"username": shelf.named("u"), "name": "U", "roles": ["sales"], "password": PASSWORD}
    return Example(body=body | {"superior_id": shelf.user["id"]})


def _changed_user(shelf: Shelf) -> Example:
    body = {"name": "Pat", "roles": ["sales"], "active": True, "superior_id": shelf.user["id"]}
    return Example({"user_id": shelf.fresh_user()["id"]}, body)


APPROVING: dict[str, Make] = {
    "POST /api/v1/users": _user,
    "PATCH /api/v1/users/{user_id}": _changed_user,
    "GET /api/v1/inbox": listing,
    "GET /api/v1/approval-fields": listing,
    "POST /api/v1/finance-approvals/{approval_id}/decide": lambda shelf: _decision(
        shelf, "finance", shelf.fresh_override()["approval_id"]
    ),
    "POST /api/v1/finance-approval-flows/try": _finance_tried,
    "GET /api/v1/finance-approval-fields": listing,
    "GET /api/v1/finance-approval-delegations": listing,
    "POST /api/v1/finance-approval-delegations": _delegation,
    "POST /api/v1/finance-approval-delegations/{delegation_id}/end": _fresh_delegation("finance"),
    "GET /api/v1/inventory-approvals": listing,
    "GET /api/v1/inventory-approvals/{approval_id}": lambda shelf: Example(
        {"approval_id": _kept(shelf, "approval of what is bought", lambda: _approval(shelf))}
    ),
    "POST /api/v1/inventory-approvals/{approval_id}/decide": lambda shelf: _decision(
        shelf, "inventory", _approval(shelf)
    ),
    "POST /api/v1/inventory-approvals/{approval_id}/withdraw": lambda shelf: Example(
        {"approval_id": _approval(shelf)}, {"comment": "A slip"}
    ),
    "GET /api/v1/inventory-approval-flows": listing,
    "POST /api/v1/inventory-approval-flows": _flow,
    "POST /api/v1/inventory-approval-flows/try": _tried,
    "GET /api/v1/inventory-approval-flows/{flow_id}": document("flow_id", _flow_of_bought),
    "GET /api/v1/inventory-approval-fields": listing,
    "GET /api/v1/inventory-approval-delegations": listing,
    "POST /api/v1/inventory-approval-delegations": _delegation,
    "POST /api/v1/inventory-approval-delegations/{delegation_id}/end": _fresh_delegation("inventory"),
}
