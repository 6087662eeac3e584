"""Write-offs and refunds over HTTP: what is given up of an invoice, and what goes back to the customer."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields, principal
from services.finance.api.company import company_terms
from services.finance.api.who import BOOKKEEPERS, CREDITORS, READERS, only_owner
from services.finance.reports.settlements import (
    RefundView,
    SettlementSearch,
    Tolerance,
    WriteOffView,
    list_refunds,
    list_write_offs,
    one_refund,
    one_write_off,
    tolerances,
)
from services.finance.use_cases.refunds import RequestRefund, request_refund
from services.finance.use_cases.write_offs import (
    RequestWriteOff,
    ReverseWriteOff,
    SetTolerance,
    request_write_off,
    reverse_write_off,
    set_tolerance,
)

WRITE_OFF_STATES = ("waiting", "posted", "reversed", "rejected", "withdrawn")
REFUND_STATES = ("waiting", "posted", "rejected", "withdrawn")
_WHO_DECIDES = {"description": "Decided at /finance-approvals/{id}/decide."}

write_offs = Noun("write_offs", "/api/v1/write-offs", description="What is given up of an invoice")
write_off_tolerances = Noun(
    "write_off_tolerances", "/api/v1/write-off-tolerances", description="What may be given up at once"
)
refunds = Noun("refunds", "/api/v1/refunds", description="Money that goes back to a customer")


class ToleranceIn(Strict):
    """Up to how much of an invoice is written off without another's yes, in this currency."""

    amount = fields.MoneyField(required=True)


class ToleranceOut(ToleranceIn):
    """The tolerance that applies now; nothing where none was set."""

    version = fields.CountField(least=0)


class TolerancesOut(Strict):
    """The tolerances, by currency."""

    tolerances = fields.ListOf(ToleranceOut, least=0)


class WriteOffIn(Strict):
    """What of an invoice is given up, and why."""

    invoice_id = fields.IdField(required=True)
    amount = fields.MoneyField(metadata={"description": "Left out: all that is open."})
    reason = fields.Text(max=1000, multiline=True, required=True)


class WriteOffReversalIn(Strict):
    """Why the claim lives again."""

    reversal_reason = fields.Text(max=1000, multiline=True, required=True)


class WriteOffOut(Strict):
    """A write-off; one that waits has an approval, one within the tolerance was posted at once."""

    id = fields.IdField()
    number = fields.Text(max=20)
    invoice_id = fields.IdField()
    invoice_number = fields.Text(max=20)
    customer_id = fields.IdField()
    customer_number = fields.Text(max=200)
    customer_name = fields.Text(max=1000)
    amount = fields.MoneyField()
    reason = fields.Text(max=1000)
    state = fields.Choice(*WRITE_OFF_STATES)
    approval_id = fields.IdField(allow_none=True, metadata=_WHO_DECIDES)
    requested_by = fields.Text(max=64)
    requested_at = fields.UtcField()
    posted_on = fields.DateField(allow_none=True)
    reversed_on = fields.DateField(allow_none=True)
    reversed_by = fields.Text(max=64, allow_none=True)
    reversal_reason = fields.Text(max=1000, allow_none=True)
    version = fields.CountField(least=1)


class WriteOffFilter(Strict):
    """What to look for."""

    customer_id = fields.IdField()
    invoice_id = fields.IdField()
    state = fields.Choice(*WRITE_OFF_STATES)


class RefundIn(Strict):
    """Of which payment or credit note, one of them, money goes back, and why."""

    payment_id = fields.IdField(allow_none=True)
    credit_note_id = fields.IdField(allow_none=True)
    amount = fields.MoneyField(metadata={"description": "Left out: all that is left of it."})
    reason = fields.Text(max=1000, multiline=True, required=True)


class RefundOut(Strict):
    """A refund; it is booked when another person has said yes."""

    id = fields.IdField()
    number = fields.Text(max=20)
    payment_id = fields.IdField(allow_none=True)
    credit_note_id = fields.IdField(allow_none=True)
    source_number = fields.Text(max=20, metadata={"description": "The payment's or credit note's number."})
    customer_id = fields.IdField()
    customer_number = fields.Text(max=200)
    customer_name = fields.Text(max=1000)
    amount = fields.MoneyField()
    reason = fields.Text(max=1000)
    state = fields.Choice(*REFUND_STATES)
    approval_id = fields.IdField(metadata=_WHO_DECIDES)
    requested_by = fields.Text(max=64)
    requested_at = fields.UtcField()
    posted_on = fields.DateField(allow_none=True)
    version = fields.CountField(least=1)


class RefundFilter(Strict):
    """What to look for."""

    customer_id = fields.IdField()
    payment_id = fields.IdField()
    credit_note_id = fields.IdField()
    state = fields.Choice(*REFUND_STATES)


@write_off_tolerances.query("/", answer=TolerancesOut, roles=BOOKKEEPERS, summary="The tolerances")
def show_tolerances(connection: Connection) -> dict[str, list[Tolerance]]:
    """Show up to how much is written off without another's yes."""
    return {"tolerances": tolerances(connection)}


@write_off_tolerances.command(
    "PUT", "/", body=ToleranceIn, answer=ToleranceOut, roles=CREDITORS, summary="Set a tolerance"
)
def put_tolerance(tx: Transaction, body: dict[str, Any]) -> Tolerance:
    """Set the tolerance of a currency from now on; 0 lets everything wait for another's yes."""
    return Tolerance(*set_tolerance(tx, SetTolerance(body["amount"], expected_version())))


@write_offs.command(
    "POST",
    "/",
    body=WriteOffIn,
    answer=WriteOffOut,
    status=201,
    roles=CREDITORS,
    location="/api/v1/write-offs/{id}",
    summary="Give up what is open of an invoice",
)
def write_off(tx: Transaction, body: dict[str, Any]) -> WriteOffView:
    """Write a small difference off at once; above the tolerance it waits for another person's yes."""
    made = request_write_off(tx, RequestWriteOff(**body, by=principal().subject), company_terms())
    return one_write_off(tx.connection, made.write_off_id)


@write_offs.query(
    "/", answer=WriteOffOut, roles=READERS, filters=WriteOffFilter, paged=True, summary="Find write-offs"
)
def index_write_offs(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List write-offs, the latest first."""
    wanted = SettlementSearch(only_owner=only_owner(), **filters)
    rows = list_write_offs(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@write_offs.query("/<uuid:write_off_id>", answer=WriteOffOut, roles=READERS, summary="Look at a write-off")
def show_write_off(connection: Connection, write_off_id: str) -> WriteOffView:
    """Show a write-off."""
    return one_write_off(connection, write_off_id, only_owner=only_owner())


@write_offs.command(
    "POST",
    "/<uuid:write_off_id>/reverse",
    body=WriteOffReversalIn,
    answer=WriteOffOut,
    roles=CREDITORS,
    summary="Take a write-off back",
)
def reverse(tx: Transaction, body: dict[str, Any], write_off_id: str) -> WriteOffView:
    """Let the claim live again, by a counter-entry of today; the write-off stays on record."""
    command = ReverseWriteOff(write_off_id, body["reversal_reason"], principal().subject, expected_version())
    reverse_write_off(tx, command, company_terms())
    return one_write_off(tx.connection, write_off_id)


@refunds.command(
    "POST",
    "/",
    body=RefundIn,
    answer=RefundOut,
    status=201,
    roles=CREDITORS,
    location="/api/v1/refunds/{id}",
    summary="Give money back",
)
def refund(tx: Transaction, body: dict[str, Any]) -> RefundView:
    """Ask that what a payment or a credit note has left goes back; booked with another person's yes."""
    made = request_refund(tx, RequestRefund(**body, by=principal().subject), company_terms())
    return one_refund(tx.connection, made.refund_id)


@refunds.query("/", answer=RefundOut, roles=READERS, filters=RefundFilter, paged=True, summary="Find refunds")
def index_refunds(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List refunds, the latest first."""
    wanted = SettlementSearch(only_owner=only_owner(), **filters)
    rows = list_refunds(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@refunds.query("/<uuid:refund_id>", answer=RefundOut, roles=READERS, summary="Look at a refund")
def show_refund(connection: Connection, refund_id: str) -> RefundView:
    """Show a refund."""
    return one_refund(connection, refund_id, only_owner=only_owner())
