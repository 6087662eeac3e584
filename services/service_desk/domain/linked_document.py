"""What a ticket wants of other services: a return, a replacement, a quotation for a repair; and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from libs.common.errors import Invalid, Refused
from libs.common.money import Money
from libs.common.quantity import Quantity

DocumentKind = Literal["return", "replacement", "repair"]
DocumentState = Literal[
    "wanted",
    "refused",
    "requested",
    "approved",
    "rejected",
    "received",
    "inspected",
    "quoted",
    "declined",
    "expired",
    "placed",
    "confirmed",
    "part_shipped",
    "shipped",
    "delivered",
    "cancelled",
]
DOCUMENT_KINDS: tuple[DocumentKind, ...] = get_args(DocumentKind)
DOCUMENT_STATES: tuple[DocumentState, ...] = get_args(DocumentState)
VOID: frozenset[DocumentState] = frozenset({"refused", "rejected", "declined", "expired", "cancelled"})
"""Nothing comes of it."""
ENDED: frozenset[DocumentState] = VOID | {"inspected", "shipped", "delivered"}
"""Another one may be wanted."""
TOLD: frozenset[DocumentState] = VOID | {"approved", "received", "inspected", "shipped", "delivered"}
"""What is noted on the ticket by itself."""


class MoreThanHeld(Invalid):
    """More is to come back, or to be replaced, than the customer has of it."""

    code = "more_than_held"


class SerialsInvalid(Invalid):
    """The units that are to come back are not those that the customer holds."""

    code = "serials_invalid"
    usual_cure = "name each unit by its serial; GET /installed-items?customer_id= lists those that are held"


class AlreadyWanted(Refused):
    """The ticket wants this already, and it is still under way."""

    code = "already_wanted"
    usual_cure = "see how far it is with GET /api/v1/tickets/{id}/documents"


@dataclass(frozen=True)
class LinkedDocument:
    """What a ticket wants of ``about_id`` (a shipped line; of a repair the item), and the document that it became.

    ``detail`` is what the other service said last, in words. ``total`` is with tax.
    """

    id: str
    ticket_id: str
    kind: DocumentKind
    about_id: str
    item_id: str
    quantity: Quantity
    reason: str
    wanted_by: str
    wanted_at: datetime
    state: DocumentState = "wanted"
    document_id: str | None = None
    document_number: str | None = None
    order_id: str | None = None
    order_number: str | None = None
    total: Money | None = None
    detail: str | None = None
    as_of_sequence: int = 0

    @property
    def number(self) -> str | None:
        """The number that people know it by: the order's, once there is one."""
        return self.order_number or self.document_number


def moved(before: LinkedDocument, sequence: int, state: DocumentState, **news: object) -> LinkedDocument:
    """Return it as the other service's ``sequence``-th word says; an older word changes nothing."""
    if sequence <= before.as_of_sequence:
        return before
    known = {name: value for name, value in news.items() if value is not None}
    return replace(before, state=state, as_of_sequence=sequence, **{"detail": None} | known)  # type: ignore[arg-type]


_WHAT: dict[DocumentKind, tuple[str, str]] = {
    "return": ("Return", "退货"),
    "replacement": ("Replacement", "换货"),
    "repair": ("Repair", "维修"),
}
_BECAME: dict[DocumentState, tuple[str, str]] = {
    "refused": ("cannot be done", "无法办理"),
    "approved": ("was approved", "已批准"),
    "rejected": ("was rejected", "已被拒绝"),
    "received": ("has arrived", "已收货"),
    "inspected": ("was inspected", "已检验"),
    "declined": ("was declined", "已被客户谢绝"),
    "expired": ("expired", "已过期"),
    "shipped": ("has left", "已发货"),
    "delivered": ("was delivered", "已送达"),
    "cancelled": ("was cancelled", "已取消"),
}


def result_of(lines: Iterable[tuple[Quantity, Quantity]]) -> str:
    """Return what an inspection found: of each line what came back, and what of it is scrap."""
    rows = list(lines)
    back = sum((came for came, _ in rows), Quantity.zero())
    scrap = sum((bad for _, bad in rows), Quantity.zero())
    return f"{back} came back, {scrap} of it is scrap · 退回 {back},其中报废 {scrap}"


def entry_of(document: LinkedDocument) -> str:
    """Return what is noted on the ticket when the document came so far, in both languages."""
    english, chinese = _WHAT[document.kind]
    became, became_zh = _BECAME[document.state]
    number = f" {document.number}" if document.number else ""
    said = f"\n{document.detail}" if document.detail else ""
    return f"{english}{number} {became} · {chinese}{number}{became_zh}{said}"
