"""Approvals of finance's documents: their kinds, what is called how, and which of them somebody may read."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import true

from libs.common.approvals import DocumentKind, Label, Readable, last_asked
from libs.common.approvals.tables import approval
from services.finance.domain.approving import FIELDS, OVERRIDE, REFUND, WRITE_OFF
from services.finance.store.teams import SIGHT

LABELS: Mapping[str, Label] = {
    "amount": Label("Amount", "金额"),
    "currency": Label("Currency", "币种"),
    "customer_id": Label("Customer", "客户"),
    "owner_id": Label("The customer's salesperson", "客户负责人"),
}


def _kind(name: str, en: str, zh: str) -> DocumentKind:
    """Return a kind of which every document that a flow could ask about was asked about."""
    return DocumentKind(name, Label(en, zh), FIELDS, LABELS, last_asked(name))


KINDS = (
    _kind(OVERRIDE, "Credit override", "信用额度例外"),
    _kind(WRITE_OFF, "Write-off", "坏账核销"),
    _kind(REFUND, "Refund", "退款"),
)


def readable(viewer: str, *, reads_all: bool) -> Readable:
    """Return which approvals somebody may read whoever was asked: else those that his teams' members asked for."""
    return true() if reads_all else SIGHT.holds(approval.c.requested_by, viewer)
