"""What opens a ticket by itself: a late delivery, a short shipment, goods that came back bad; each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from services.service_desk.domain.routing import Kind
from services.service_desk.domain.sla import Priority

Cause = Literal["late_delivery", "short_shipment", "bad_return"]
Short = Literal["never", "missing", "any"]
CAUSES: tuple[Cause, ...] = get_args(Cause)
SHORT: tuple[Short, ...] = get_args(Short)
BY_ITSELF = "meridian"
LEFT_BEHIND = "left_behind"
_KIND: Mapping[Cause, Kind] = {
    "late_delivery": "delivery",
    "short_shipment": "delivery",
    "bad_return": "quality",
}
_PRIORITY: Mapping[Cause, Priority] = {
    "late_delivery": "high",
    "short_shipment": "high",
    "bad_return": "normal",
}


@dataclass(frozen=True)
class Happening:
    """What happened to a customer. ``about`` names it among all of its ``cause``; ``document`` is what it hangs on."""

    cause: Cause
    about: str
    customer_id: str
    order_id: str
    document_id: str
    document_number: str
    conversation: str
    subject: str
    description: str

    @property
    def kind(self) -> Kind:
        """What the ticket is about."""
        return _KIND[self.cause]

    @property
    def priority(self) -> Priority:
        """How soon it is wanted."""
        return _PRIORITY[self.cause]


@dataclass(frozen=True)
class Intake:
    """Which happenings open tickets; of short shipments ``missing`` leaves out what was left behind on purpose."""

    late_delivery: bool = True
    short_shipment: Short = "missing"
    bad_return: bool = True
    version: int = 0

    def wants_short(self, reasons: Sequence[str]) -> bool:
        """Tell whether a delivery that left short for these reasons opens a ticket."""
        if self.short_shipment == "missing":
            return any(reason != LEFT_BEHIND for reason in reasons)
        return self.short_shipment == "any"


def intake_data(intake: Intake) -> dict[str, Any]:
    """Return the intake as plain data, to be stored."""
    return {name: value for name, value in vars(intake).items() if name != "version"}


def late_subject(order_number: str) -> str:
    """Return what a ticket about a late order is called."""
    return f"Order {order_number} is late · 订单 {order_number} 延迟交货"


def late_description(promised_on: date, waits_for: str) -> str:
    """Return what is known of a late order."""
    zh = {"stock": "库存", "release": "放行", "picking": "拣货", "packing": "包装", "shipping": "发运"}
    return (
        f"It was promised for {promised_on.isoformat()} and waits for {waits_for}.\n"
        f"承诺日期 {promised_on.isoformat()},正在等待{zh.get(waits_for, waits_for)}。"
    )


def short_subject(delivery_number: str) -> str:
    """Return what a ticket about a short shipment is called."""
    return f"Delivery {delivery_number} left short · 发货单 {delivery_number} 短发"


def short_description(lines: Sequence[tuple[str, str, str]]) -> str:
    """Return what was missing: SKU, quantity and reason of each line."""
    zh = {
        "not_found": "未找到",
        "damaged": "损坏",
        "expired": "过期",
        LEFT_BEHIND: "留待下次",
        "other": "其他",
    }
    return "\n".join(
        f"{sku}: {missing} missing ({reason}) · 缺少 {missing}({zh.get(reason, reason)})"
        for sku, missing, reason in lines
    )


def bad_subject(return_number: str) -> str:
    """Return what a ticket about goods that came back bad is called."""
    return f"Return {return_number} came back bad · 退货 {return_number} 检验不合格"


def bad_description(reason: str, delivery_number: str) -> str:
    """Return what is known of goods that came back bad."""
    return f"Of delivery {delivery_number}; the customer said: {reason}\n来自发货单 {delivery_number};客户原因:{reason}"
