"""Tickets of the past, open ones and resolved ones."""

from __future__ import annotations

from datetime import date

from libs.common.importing import Batch, Row
from services.service_desk.reports.natural_keys import customers_by_number, tickets_by_number
from services.service_desk.settings import read_settings
from services.service_desk.use_cases.open_ticket import OpenTicket, open_ticket
from services.service_desk.use_cases.work_on_ticket import Resolution, Worker, resolve_ticket

_BY = "import"
_WORKER = Worker(_BY, frozenset({"admin"}))
_COLUMNS = {"customer_id": "customer"}


def tickets(batch: Batch) -> None:
    """Open each ticket with the number that it had, and resolve it where its resolution is told."""
    connection = batch.tx.connection
    customers = customers_by_number(connection, batch.cells("customer"))
    today = batch.tx.now.astimezone(read_settings().company_zone).date()
    known = tickets_by_number(connection, batch.cells("number"))
    for row in batch.fresh(known, lambda row: row["number"], "number"):
        customer_id = batch.look_up(row, "customer", customers, "customer")
        if row["resolved_on"] and not row["resolution"]:
            batch.complain(row, "resolution", "must be filled where resolved_on is")
        elif customer_id is not None:
            with batch.taking(row, _COLUMNS):
                _take(batch, row, customer_id, today)


def _take(batch: Batch, row: Row, customer_id: str, today: date) -> None:
    ticket = open_ticket(
        batch.tx,
        OpenTicket(
            customer_id=customer_id,
            kind=row["kind"],
            subject=row["subject"],
            opened_by=_BY,
            today=today,
            description=row["description"],
            opened_on=row["opened_on"],
            number=row["number"],
        ),
    )
    if row["resolution"]:
        resolved_on = row["resolved_on"] or row["opened_on"]
        resolve_ticket(batch.tx, ticket.id, _WORKER, Resolution(row["resolution"], today, resolved_on))
