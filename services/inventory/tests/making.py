"""The makers of the shop that tests remember by name: wang makes and reports, li releases."""

from __future__ import annotations

from datetime import date
from typing import Any

from libs.common.quantity import Quantity
from services.inventory.domain.bom import Bom, BomComponent
from services.inventory.domain.consumption import ActualUse
from services.inventory.domain.items import Item, Warehouse
from services.inventory.domain.production_order import ProductionOrder
from services.inventory.domain.supply import SupplyPolicy
from services.inventory.reports.production_orders import ProductionOrderView, list_production_orders
from services.inventory.store import production_orders
from services.inventory.tests.builders import TODAY, q
from services.inventory.tests.buying import LI, Buying
from services.inventory.use_cases.add_bom import AddBom, add_bom
from services.inventory.use_cases.production_orders import (
    CancelProduction,
    RaiseProduction,
    ReleaseProduction,
    StartProduction,
    cancel_production,
    raise_production,
    release_production,
    start_production,
)
from services.inventory.use_cases.report_production import (
    CloseProduction,
    ReportProduction,
    close_production,
    report_production,
)
from services.inventory.use_cases.set_supply import SetSupplyPolicy, set_supply_policy


class Making(Buying):
    """Making for a shop that also buys, through its use cases."""

    def bom(self, item: Item, *parts: tuple[Any, ...], **details: Any) -> Bom:
        """Say that one of an item is made of parts of (item, quantity) or (item, quantity, scrap_bp)."""
        components = tuple(BomComponent(part[0].id, q(part[1]), *part[2:]) for part in parts)
        usual: dict[str, Any] = {"valid_from": date(2026, 1, 1), "output": q(1), "fixed_days": 2}
        command = AddBom(item.id, components=components, **(usual | details))
        return self.do(lambda tx: add_bom(tx, command))

    def makes(self, item: Item, **details: Any) -> SupplyPolicy:
        """Let an item be made when it runs short."""
        return self.do(lambda tx: set_supply_policy(tx, SetSupplyPolicy(item.id, "make", **details)))

    def orders(self, item: Item | None = None, **filters: Any) -> list[ProductionOrderView]:
        """Return the production orders, oldest first."""
        wanted = filters | ({"item_id": item.id} if item else {})
        return self.shop.database.read(
            lambda connection: list_production_orders(connection, wanted, after=None, limit=100)
        )

    def planned(self, item: Item | None = None) -> list[tuple[str, str, str]]:
        """Return state, need and quantity of each production order, oldest first."""
        return [(each.state, str(each.need), str(each.quantity)) for each in self.orders(item)]

    def wish(self, item: Item, warehouse: Warehouse, quantity: str | int, **details: Any) -> ProductionOrder:
        """Raise a production order by hand."""
        command = RaiseProduction(item.id, warehouse.id, q(quantity), TODAY, **details)
        return self.do(lambda tx: raise_production(tx, command))

    def release(self, order_id: str, today: date = TODAY) -> ProductionOrder:
        """Release a production order."""
        return self.do(lambda tx: release_production(tx, ReleaseProduction(order_id, today)), LI)

    def start(self, order_id: str) -> ProductionOrder:
        """Start a production order."""
        return self.do(lambda tx: start_production(tx, StartProduction(order_id)))

    def running(self, item: Item, warehouse: Warehouse, quantity: str | int) -> ProductionOrder:
        """Raise, release and start."""
        return self.start(self.release(self.wish(item, warehouse, quantity).id).id)

    def report(
        self,
        order_id: str,
        finished: str | int,
        scrapped: str | int = 0,
        *used: tuple[Any, ...],
        **details: Any,
    ) -> ProductionOrder:
        """Report what was made; ``used`` are parts of (item, quantity) or (item, quantity, lot)."""
        actual = tuple(ActualUse(part[0].id, q(part[1]), *part[2:]) for part in used)
        usual: dict[str, Any] = {"reason": "burr" if scrapped else None}
        command = ReportProduction(
            order_id, q(finished), q(scrapped), TODAY, consumed=actual, **(usual | details)
        )
        return self.do(lambda tx: report_production(tx, command))

    def end(self, order_id: str, *, accept_shortfall: bool = False) -> ProductionOrder:
        """Close a production order."""
        command = CloseProduction(order_id, "enough", accept_shortfall)
        return self.do(lambda tx: close_production(tx, command))

    def drop(self, order_id: str) -> ProductionOrder:
        """Cancel a production order."""
        return self.do(lambda tx: cancel_production(tx, CancelProduction(order_id, "changed plans")))

    def now(self, order_id: str) -> ProductionOrder:
        """Return a production order as it is stored."""
        found = self.shop.database.read(lambda connection: production_orders.find(connection, order_id))
        assert found is not None
        return found

    def parts(self, order_id: str) -> list[tuple[str, str, str, str]]:
        """Return required, held, missing and consumed of each component."""
        return [
            (str(each.required), str(each.held), str(Quantity(each.missing)), str(each.consumed))
            for each in self.now(order_id).components
        ]
