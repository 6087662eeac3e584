"""Let a reorder point be filled from another warehouse: ask for a transfer of what is missing and free there."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain import transfers as rules
from services.inventory.domain.reorder import ReorderPoint
from services.inventory.domain.supply import SupplyPolicy
from services.inventory.domain.transfers import Transfer
from services.inventory.events import TransferCancelled
from services.inventory.store import stock, transfers
from services.inventory.use_cases.transfer_stock import RequestTransfer, WantedPart, request_transfer

NOTE = "reorder point"


def own_proposal(tx: Transaction, point: ReorderPoint, policy: SupplyPolicy) -> Transfer | None:
    """Return the transfer that a reorder point has asked for by itself and nobody has shipped, or nothing; locked."""
    if policy.source_id is None:
        return None
    return transfers.proposal(tx.connection, point.item_id, policy.source_id, point.warehouse_id)


def propose_transfer(
    tx: Transaction, point: ReorderPoint, policy: SupplyPolicy, own: Transfer | None, need: int
) -> None:
    """Let the open proposal be what is missing now; asked again, nothing changes. The item is locked.

    Where less is free in the other warehouse, that is asked for: a transfer never waits for goods to come there.
    """
    assert policy.source_id is not None, "what is transferred comes from somewhere"
    rows = stock.rows(tx.connection, [point.item_id])
    free = sum(row.available.milli for row in rows if row.key.warehouse_id == policy.source_id)
    wanted = Quantity(min(point.quantity_for(need, policy).milli, free) if need else 0)
    if own is not None:
        if own.lines[0].quantity == wanted:
            return
        given_up = rules.cancel(own, "the need is gone" if not wanted else "another quantity is needed")
        transfers.save(tx, own, given_up)
        publish(tx, TransferCancelled(own.id, own.number, given_up.reason or ""))
    if wanted:
        part = WantedPart(point.item_id, wanted)
        request_transfer(
            tx, RequestTransfer(policy.source_id, point.warehouse_id, (part,), by=None, note=NOTE)
        )
