"""What is sold over the counter is of an order type that is handed over there."""

from __future__ import annotations

from libs.common.db import Transaction
from services.sales.domain.order_type import NotForTheCounter
from services.sales.domain.quotation import Quotation
from services.sales.store import order_types


def require_counter(tx: Transaction, quotation: Quotation) -> None:
    """Refuse a sale whose order would be delivered, or paid at another time."""
    kind = order_types.known(tx.connection, quotation.order_type, quotation.order_type_version)
    if kind.process.handover != "counter":
        raise NotForTheCounter(f"orders of type {kind.code} are delivered", field="order_type")
