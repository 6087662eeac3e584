"""Define how orders of a kind run: a new type, or the next version of one."""

from __future__ import annotations

from dataclasses import replace

from libs.common.approvals import current_flows
from libs.common.db import Connection, Transaction
from services.sales.domain import order_type as rules
from services.sales.domain.approval import DOCUMENT
from services.sales.domain.order_type import OrderType, Process, UnknownApprovalFlow
from services.sales.store import order_types


def define_order_type(tx: Transaction, wanted: OrderType) -> OrderType:
    """Store the version that follows the last one of this code; documents keep the one that they were made with.

    The caller leaves id and version open. Two authors of one type take turns.
    """
    check_process(tx.connection, wanted.process)
    last = order_types.lock_last(tx, wanted.code)
    rules.check_follows(wanted, last)
    made = replace(wanted, id=tx.new_id(), version=1 if last is None else last.version + 1)
    order_types.add(tx, made)
    return made


def check_process(connection: Connection, process: Process) -> None:
    """Refuse a process that contradicts itself, or names approval flows that nobody defined."""
    rules.check_process(process)
    if not process.approvals:
        return
    known = {flow.name for flow in current_flows(connection, DOCUMENT)}
    for place, name in enumerate(process.approvals):
        if name not in known:
            raise UnknownApprovalFlow(
                f"there is no active approval flow {name}", field=f"process.approvals.{place}"
            )
