"""The company at the beginning of every run: three customers, five items with prices and a little stock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.simulation.choosing import usd
from tests.simulation.plant import CountedIds, Plant
from tests.simulation.requests import Desk, Request

_ITEMS: tuple[dict[str, Any], ...] = (
    {"sku": "VALVE", "name": "A+ valve", "decimals": 0},
    {"sku": "PUMP", "name": "Pump", "decimals": 0},
    {"sku": "ROPE", "name": "Rope", "uom": "m", "decimals": 2},
    {"sku": "CYLINDER", "name": "Gas cylinder", "decimals": 0, "lot_tracked": True},
    {"sku": "ENGINE", "name": "Engine", "decimals": 0, "tracking": "serial"},
)
_PRICES = ("18.00", "49.95", "0.3333", "7.77", "31.40")
_LIMITS: tuple[int | None, ...] = (10_000, 25_000, None)
# What was quoted yesterday: (customer, item, quantity). The first orders are confirmed, of which one is invoiced and
# one has just been shipped; the next was just accepted; the rest are open.
_QUOTED = ((0, 0, 3), (1, 1, 4), (2, 0, 5), (0, 3, 1), (2, 2, 4), (1, 3, 1), (0, 1, 2))
_CONFIRMED = 4


# What costs more than this must be approved by somebody else than who wrote it.
_DEAR: dict[str, Any] = {
    "name": "Dear",
    "cases": [{"clauses": [{"field": "total", "comparison": "at_least", "amount": usd(30_000)}]}],
    "steps": [{"name": "Manager", "approvers": [{"kind": "role", "name": "sales_manager"}]}],
}


# The same for what is bought: asked for, and ordered.
_BOUGHT_DEAR: tuple[dict[str, Any], ...] = tuple(
    {
        "document": document,
        "name": "Dear",
        "cases": [{"clauses": [{"field": "amount", "comparison": "at_least", "amount": usd(3_000)}]}],
        "steps": [{"name": "Money", "approvers": [{"kind": "superior"}], "otherwise": "finance"}],
    }
    for document in ("purchase_requisition", "purchase_order")
)


def open_shop(plant: Plant) -> None:
    """Set the company up and keep it as the beginning of every run."""
    ids = CountedIds()
    for database in plant.databases.values():
        database.ids = ids
    desk = Desk(plant, "set-up")

    def do(service: str, method: str, path: str, /, **body: Any) -> Any:
        outcome, answer = desk.send(Request("set up", service, method, path, body), trouble=False)
        assert answer is not None, f"{method} {path}: {outcome}"
        return answer

    warehouses = [
        do("inventory", "POST", "/warehouses", code=code, name=code)["id"] for code in ("MAIN", "NORTH")
    ]
    items = [do("inventory", "POST", "/items", **item)["id"] for item in _ITEMS]
    customers = [do("crm", "POST", "/customers", name=name)["id"] for name in ("Harbor", "Quay", "Tide")]
    plant.bus.drain()
    _let_orders_run(do, customers)
    lines = [
        {"item_id": item, "min_quantity": minimum, "unit_price": {"amount": price, "currency": "USD"}}
        for item, price, minimum in zip(items, _PRICES, ("1", "1", "0.01", "1", "1"), strict=True)
    ]
    do("sales", "POST", "/price-policies", name="List", currency="USD", lines=lines)
    for customer, limit in zip(customers, _LIMITS, strict=True):
        value = None if limit is None else usd(limit)
        do("finance", "PUT", f"/accounts/{customer}/credit-limit", limit=value)
    stock = [{"item_id": item, "quantity": "8"} for item in items[:3]] + [
        {"item_id": items[3], "quantity": "2", "lot": f"L-{lot}"} for lot in "AB"
    ]
    units = {"item_id": items[4], "quantity": "6", "serials": ["E00001..E00006"]}
    for warehouse, of_it in zip(warehouses, ([*stock, units], stock[:2]), strict=True):
        do("inventory", "POST", "/receipts", warehouse_id=warehouse, lines=of_it)
    _let_be_bought(do, items)
    do("inventory", "PUT", "/stock-count-rules", tolerance=usd(800), approvers=["warehouse", "finance"])
    do("sales", "POST", "/approval-flows", **_DEAR)
    for flow in _BOUGHT_DEAR:
        do("inventory", "POST", "/inventory-approval-flows", **flow)
    plant.bus.drain()
    quotations = [
        do(
            "sales",
            "POST",
            "/quotations",
            customer_id=customers[customer],
            lines=[{"item_id": items[item], "quantity": str(quantity)}],
        )["id"]
        for customer, item, quantity in _QUOTED
    ]
    for quotation in quotations[:_CONFIRMED]:
        do("sales", "POST", f"/quotations/{quotation}/accept")
    plant.bus.drain()
    invoiced, shipped = (
        note for (note,) in plant.rows("inventory", "SELECT id FROM delivery ORDER BY id LIMIT 2")
    )
    do("inventory", "POST", f"/deliveries/{invoiced}/ship")
    plant.bus.drain()
    do("inventory", "POST", f"/deliveries/{shipped}/ship")
    do("sales", "POST", f"/quotations/{quotations[_CONFIRMED]}/accept")
    plant.remember()


def _let_orders_run(do: Callable[..., Any], customers: list[Any]) -> None:
    """Let some orders be invoiced when signed for, paid ahead in part, or leave whole; who pays early pays less."""
    for code, process in (
        ("on_proof", {"invoice": "delivery"}),
        ("paid_ahead", {"down_payment_bp": 3333}),
        ("in_one_piece", {"allocation": "partial", "shipping": "complete"}),
    ):
        do("sales", "POST", "/order-types", code=code, name_en=code, name_zh=code, process=process)
    parts = [{"share_bp": 10_000, "days": 30}]
    do("finance", "PUT", "/payment-terms", name="early", parts=parts, discount_bp=300, discount_days=10)
    for customer in customers[:2]:
        do("finance", "PUT", f"/accounts/{customer}/payment-terms", terms="early")


def _let_be_bought(do: Callable[..., Any], items: list[Any]) -> None:
    """Let every item be bought when it runs short."""
    supplier = do("inventory", "POST", "/suppliers", number="S-1", name="Foundry")["id"]
    for item, minimum in zip(items, ("5", "1", "10", "2", "1"), strict=True):
        price = {"item_id": item, "unit_price": {"amount": "4.25", "currency": "USD"}}
        do("inventory", "POST", f"/suppliers/{supplier}/prices", **price)
        policy = {"method": "buy", "supplier_id": supplier, "lead_days": 3, "minimum": minimum}
        do("inventory", "PUT", f"/items/{item}/supply-policy", **policy)
