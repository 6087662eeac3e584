"""Credit at the delivery, as finance tells of it: when it is asked, and whether the goods of a note may leave."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event


@event("finance.credit_policy.delivery_check_set.v1", key="policy")
@dataclass(frozen=True)
class DeliveryCheckSet:
    """From now on credit is asked at the delivery ``never``, ``always``, or ``after_days``: from ``days`` days on after
    the confirmation. Goods are held back from ``from_status`` on: ``hold`` or ``stop``.
    """

    version: int
    when: str
    from_status: str
    days: int | None = None
    policy: str = "credit"


@event("finance.delivery_credit.granted.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryCreditGranted:
    """The goods of a note may leave. ``refused_of_order`` are the numbers of the order's notes that still may not."""

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    question: int
    status: str
    reasons: tuple[str, ...]
    figures: dict[str, str]
    refused_of_order: tuple[str, ...] = ()
    override_id: str | None = None


@event("finance.delivery_credit.refused.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryCreditRefused:
    """Goods may not leave, as their customer stands: ``reasons`` are codes, ``figures`` what they rest on."""

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    question: int
    status: str
    reasons: tuple[str, ...]
    figures: dict[str, str]
    refused_of_order: tuple[str, ...] = ()


@event("finance.delivery_credit.closed.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryCreditClosed:
    """A note that had been refused is off, or needs no yes any more; ``reason`` says which."""

    delivery_id: str
    number: str
    order_id: str
    customer_id: str
    question: int
    reason: str
    refused_of_order: tuple[str, ...] = ()
