"""What the service desk notes of sales: how far replacements and quotations for repairs have come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.money import Money
from services.service_desk.domain.linked_document import DocumentState
from services.service_desk.use_cases.note_document import note_document

subscriptions = Subscriptions("service_desk")


@dataclass(frozen=True)
class OrderMoved:
    """What the desk reads of what it wanted, a step further."""

    request_id: str
    state: str
    quotation_id: str
    quotation_number: str
    total: Money
    order_id: str | None = None
    order_number: str | None = None
    detail: str | None = None


@dataclass(frozen=True)
class OrderRefused:
    """What the desk reads of what it wanted and cannot have."""

    request_id: str
    detail: str


@subscriptions.on("sales.ticket_order.moved.v1", OrderMoved)
def order_moved(tx: Transaction, view: OrderMoved, message: Message) -> None:
    """Note how far it is."""
    note_document(
        tx,
        view.request_id,
        message.sequence,
        cast("DocumentState", view.state),
        document_id=view.quotation_id,
        document_number=view.quotation_number,
        order_id=view.order_id,
        order_number=view.order_number,
        total=view.total,
        detail=view.detail,
    )


@subscriptions.on("sales.ticket_order.refused.v1", OrderRefused)
def order_refused(tx: Transaction, view: OrderRefused, message: Message) -> None:
    """Note why there will be none."""
    note_document(tx, view.request_id, message.sequence, "refused", detail=view.detail)
