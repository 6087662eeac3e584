"""Order types: how orders of a kind run, as data with versions; an order keeps the version that it was made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal, get_args

from libs.common.errors import Invalid, NotFound, Refused

Payment = Literal["on_account", "advance", "cash"]
Reserve = Literal["at_order", "when_paid", "before_delivery", "never"]
Shortage = Literal["wait", "refuse"]
Shipping = Literal["partial", "complete"]
Allocation = Literal["complete", "partial"]
Source = Literal["stock", "to_order", "supplier"]
Handover = Literal["delivery", "counter"]
InvoiceOn = Literal["order", "shipment", "delivery"]
CHOICES: Mapping[str, tuple[str, ...]] = {
    "payment": get_args(Payment),
    "reserve": get_args(Reserve),
    "shortage": get_args(Shortage),
    "shipping": get_args(Shipping),
    "allocation": get_args(Allocation),
    "source": get_args(Source),
    "handover": get_args(Handover),
    "invoice": get_args(InvoiceOn),
}
STANDARD = "standard"
MOST_FLOWS = 50
MOST_DAYS = 365
MOST_DOWN_PAYMENT_BP = 9_999
LATER: tuple[Reserve, ...] = ("when_paid", "before_delivery")
"""When stock is taken once credit is held or the money is there."""


class UnknownOrderType(Invalid):
    """A document names an order type that nobody defined, or that has no version for its day."""

    code = "unknown_order_type"
    usual_cure = "choose one from GET /api/v1/order-types"


class OrderTypeEnded(Refused):
    """New documents of this order type are not made any more; those that run go on."""

    code = "order_type_ended"
    usual_cure = "choose an order type that is active"


class OrderTypeNotFound(NotFound):
    """There is no such order type, or not this version of it."""

    code = "order_type_not_found"


class ProcessContradicts(Invalid):
    """Two settings of an order type cannot both hold."""

    code = "process_contradicts"


class VersionOutOfTurn(Invalid):
    """A version would begin before the one that it follows."""

    code = "version_out_of_turn"


class UnknownApprovalFlow(Invalid):
    """An order type names an approval flow that nobody defined."""

    code = "unknown_approval_flow"
    usual_cure = "name a flow from GET /api/v1/approval-flows"


class NotForTheCounter(Invalid):
    """A sale over the counter is of a type whose orders are delivered."""

    code = "not_for_the_counter"
    usual_cure = "choose an order type whose handover is counter, or quote it"


class StandardStays(Refused):
    """The standard type is what a document is of that names none: it cannot end."""

    code = "standard_order_type_stays"
    usual_cure = "leave it active, or change its process"


@dataclass(frozen=True)
class Process:
    """What an order of a type goes through; as it stands here, it is what orders went through before there were types.

    ``credit_check``: the customer's limit is asked. ``payment``: by invoice, before anything goes out, or in cash at
    the counter. ``reserve``: when stock is taken for it; *before delivery*: ``reserve_days`` before the promised day,
    and at once without one. ``shortage``: it waits for what is missing, or is given up. ``shipping``: *complete* leaves
    in one piece. ``allocation``: *partial* holds what there is and waits for the rest only; with ``shipping`` *partial*
    it goes on with that. ``source``: from stock, got for this order alone, or from the supplier. ``handover``: by a
    delivery, or over the counter at once. ``invoice``: what one is for: the whole order at its confirmation, each
    shipment, or of each delivery what the customer has signed for. ``down_payment_bp``: what of the order, in
    hundredths of a percent, is invoiced as it is confirmed, and deducted from the invoices that follow.
    ``approvals``: the names of the approval flows that may ask about it; ``None``: all.
    """

    credit_check: bool = True
    payment: Payment = "on_account"
    reserve: Reserve = "at_order"
    reserve_days: int = 0
    shortage: Shortage = "wait"
    shipping: Shipping = "partial"
    allocation: Allocation = "complete"
    source: Source = "stock"
    handover: Handover = "delivery"
    invoice: InvoiceOn = "shipment"
    approvals: tuple[str, ...] | None = None
    down_payment_bp: int = 0


ORDINARY = Process()


@dataclass(frozen=True)
class OrderType:
    """One version of an order type; it is for documents from ``valid_from`` on (``None``: from ever), if ``active``."""

    id: str
    code: str
    version: int
    name_en: str
    name_zh: str
    process: Process
    created_by: str
    valid_from: date | None = None
    active: bool = True


def to_data(process: Process) -> dict[str, Any]:
    """Return ``process`` as plain data, as it is stored and as a saga keeps it."""
    return asdict(process)


def from_data(data: Mapping[str, Any] | None) -> Process:
    """Return the process in ``data``; what it does not say is as in the ordinary one, which no data at all is."""
    known = dict(data or {})
    if known.get("approvals") is not None:
        known["approvals"] = tuple(known["approvals"])
    return Process(**known)


def check_process(process: Process) -> None:
    """Refuse settings that contradict each other, by the field that has to change."""
    for rule in (_check_payment, _check_source, _check_counter, _check_invoicing):
        rule(process)
    names = process.approvals or ()
    if len(set(names)) != len(names):
        raise ProcessContradicts(
            "a flow is named twice", field="process.approvals", cure="name each flow once"
        )


def _check_payment(process: Process) -> None:
    if process.credit_check and process.payment != "on_account":
        raise _contradiction("credit_check", "what is paid before it goes out needs no credit", "give false")
    if process.reserve == "when_paid" and process.payment != "advance":
        raise _contradiction(
            "reserve", "only an order that is paid in advance is paid before it is reserved", "give at_order"
        )


def _check_source(process: Process) -> None:
    if process.reserve_days and process.reserve != "before_delivery":
        raise _contradiction("reserve_days", "days are counted back from the delivery only", "give 0")
    if (process.source == "supplier") != (process.reserve == "never"):
        raise _contradiction(
            "reserve",
            "nothing is reserved exactly where the supplier sends the goods",
            "give never with source supplier, else another time",
        )
    if process.source != "stock" and process.shortage != "wait":
        raise _contradiction("shortage", "what is got for an order has to be waited for", "give wait")
    if process.allocation == "partial" and process.source != "stock":
        raise _contradiction(
            "allocation", "what is got for an order is given to it as it comes", "give complete"
        )
    if process.allocation == "partial" and process.shortage != "wait":
        raise _contradiction("allocation", "what is missing of it has to be waited for", "give complete")
    if process.source == "supplier" and process.shipping != "partial":
        raise _contradiction("shipping", "how the supplier sends is not decided here", "give partial")


def _check_counter(process: Process) -> None:
    at_counter = process.handover == "counter"
    if at_counter != (process.payment == "cash"):
        raise _contradiction(
            "payment", "cash is paid at the counter, and nothing else is", "give cash there only"
        )
    if not at_counter:
        return
    for field, wanted in (
        ("source", "stock"),
        ("reserve", "at_order"),
        ("shortage", "refuse"),
        ("shipping", "complete"),
        ("invoice", "shipment"),
    ):
        if getattr(process, field) != wanted:
            raise _contradiction(
                field, "over the counter goes what is there, whole and at once", f"give {wanted}"
            )


def _check_invoicing(process: Process) -> None:
    if process.invoice == "delivery" and process.payment != "on_account":
        raise _contradiction("invoice", "what is paid before is invoiced as it leaves", "give shipment")
    if process.down_payment_bp and process.payment != "on_account":
        raise _contradiction("down_payment_bp", "all of it is paid before or at once", "give 0")
    if process.down_payment_bp and process.invoice == "order":
        raise _contradiction("down_payment_bp", "all of it is invoiced at once", "give 0")


def _contradiction(setting: str, message: str, cure: str) -> ProcessContradicts:
    return ProcessContradicts(message, field=f"process.{setting}", cure=cure)


def check_follows(wanted: OrderType, last: OrderType | None) -> None:
    """Refuse a version that would begin before the one it follows, for that one would then never apply."""
    if wanted.code == STANDARD and not wanted.active:
        raise StandardStays("documents that name no type are of this one", field="active")
    if last is None or last.valid_from is None:
        return
    if wanted.valid_from is None or wanted.valid_from < last.valid_from:
        raise VersionOutOfTurn(
            f"version {last.version} applies from {last.valid_from.isoformat()}",
            field="valid_from",
            cure=f"give {last.valid_from.isoformat()} or a later day",
        )


def require_offered(found: OrderType | None, code: str) -> OrderType:
    """Return the version that applies to a new document; refuse a type that has none, or that has ended."""
    if found is None:
        raise UnknownOrderType(f"there is no order type {code} for this day", field="order_type")
    if not found.active:
        raise OrderTypeEnded(f"{code} has ended with version {found.version}", field="order_type")
    return found
