"""Invoices and payments of the past."""

from __future__ import annotations

from libs.common.importing import Batch, Document, Row, group_by
from libs.common.money import Money
from services.finance.domain.history import PastInvoice, PastPayment, PastShare
from services.finance.reports.natural_keys import (
    accounts_by_number,
    invoices_by_number,
    payment_numbers,
    recorded_deliveries,
)
from services.finance.settings import read_settings
from services.finance.use_cases.bring_in_invoices import bring_in_invoices
from services.finance.use_cases.bring_in_payments import bring_in_payments

_MONEY = ("customer", "currency", "received_on", "reference")
_COLUMNS = {"delivery_id": "shipment", "customer_id": "customer", "invoice_id": "invoice"}


def invoices(batch: Batch) -> None:
    """Post each invoice for the shipment that it bills."""
    connection = batch.tx.connection
    shipments = recorded_deliveries(connection, batch.cells("shipment"))
    known = invoices_by_number(connection, batch.cells("number"))
    past: list[PastInvoice] = []
    documents: list[Document] = []
    for row in batch.fresh(known, lambda row: row["number"], "number"):
        delivery_id = batch.look_up(row, "shipment", shipments, "shipment of the past")
        if delivery_id is not None:
            past.append(PastInvoice(row["number"], delivery_id, row["posted_on"], row["due_on"]))
            documents.append(Document(batch, row))
    if documents:
        with batch.taking_all(documents, _COLUMNS):
            bring_in_invoices(batch.tx, past, read_settings().terms)


def payments(batch: Batch) -> None:
    """Book each payment out of its rows, which must agree in all but the invoice and the amount."""
    connection = batch.tx.connection
    customers = accounts_by_number(connection, batch.cells("customer"))
    known = invoices_by_number(connection, batch.cells("invoice"))
    fresh = batch.fresh(
        payment_numbers(connection, batch.cells("number")), lambda row: row["number"], "number"
    )
    past: list[PastPayment] = []
    documents: list[Document] = []
    for rows in group_by(fresh, "number").values():
        payment = _past_payment(batch, rows, customers, known)
        if payment is not None:
            past.append(payment)
            documents.append(Document(batch, rows[0], rows))
    if documents:
        with batch.taking_all(documents, _COLUMNS):
            bring_in_payments(batch.tx, past, read_settings().terms)


def _past_payment(
    batch: Batch, rows: list[Row], customers: dict[str, str], known: dict[str, str]
) -> PastPayment | None:
    customer_id = batch.look_up(rows[0], "customer", customers, "customer")
    shares = [share for row in rows if (share := _share(batch, row, known)) is not None]
    if not batch.agree(rows, _MONEY, "payment") or customer_id is None or len(shares) < len(rows):
        return None
    head = rows[0]
    return PastPayment(head["number"], customer_id, head["received_on"], head["reference"], tuple(shares))


def _share(batch: Batch, row: Row, known: dict[str, str]) -> PastShare | None:
    invoice_id = batch.look_up(row, "invoice", known, "invoice") if row["invoice"] else None
    try:
        amount = Money.of(row["amount"], row["currency"])
    except ValueError as error:
        batch.complain(row, "amount", str(error))
        return None
    return None if row["invoice"] and invoice_id is None else PastShare(amount, invoice_id)
