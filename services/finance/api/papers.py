"""The papers of finance over HTTP: a statement of account, an invoice, a credit note and a reminder, as PDF."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import File, Noun, fields
from services.finance.api.company import company_day, past_day
from services.finance.api.printing import (
    PDF,
    PaperLanguage,
    language_of,
    print_credit_note,
    print_invoice,
    print_reminder,
    print_statement,
)
from services.finance.api.who import READERS, only_owner
from services.finance.reports.credit_notes import one_credit_note
from services.finance.reports.dunning import one_reminder
from services.finance.reports.invoices import one_invoice
from services.finance.reports.papers import statement_paper
from services.finance.reports.period import Period

papers = Noun("papers", "/api/v1", description="Statements, invoices, credit notes and reminders on paper")


class StatementPaperFilter(PaperLanguage):
    """Which days, both included, and in which language."""

    first = fields.DateField(metadata={"description": "Left out: the first of the month of the last day."})
    last = fields.DateField(metadata={"description": "Left out: today. Not in the future."})


@papers.file(
    "/customers/<uuid:customer_id>/statement.pdf",
    media_type=PDF,
    roles=READERS,
    filters=StatementPaperFilter,
    summary="The statement of account on paper",
)
def statement_pdf(connection: Connection, filters: dict[str, Any], customer_id: str) -> File:
    """Print the statement of a customer's account, with what of it is past due."""
    last = past_day(filters, "last")
    period = Period(filters.get("first") or last.replace(day=1), last)
    paper = statement_paper(connection, customer_id, period, only_owner=only_owner())
    return print_statement(paper, language_of(filters))


@papers.file(
    "/invoices/<uuid:invoice_id>/pdf",
    media_type=PDF,
    roles=READERS,
    filters=PaperLanguage,
    summary="An invoice on paper",
)
def invoice_pdf(connection: Connection, filters: dict[str, Any], invoice_id: str) -> File:
    """Print an invoice, with what is still to be paid."""
    found = one_invoice(connection, invoice_id, company_day(), only_owner=only_owner())
    return print_invoice(found, language_of(filters))


@papers.file(
    "/credit-notes/<uuid:credit_note_id>/pdf",
    media_type=PDF,
    roles=READERS,
    filters=PaperLanguage,
    summary="A credit note on paper",
)
def credit_note_pdf(connection: Connection, filters: dict[str, Any], credit_note_id: str) -> File:
    """Print a credit note, with what it settled and what is left of it."""
    found = one_credit_note(connection, credit_note_id, only_owner=only_owner())
    return print_credit_note(found, language_of(filters))


@papers.file(
    "/dunning/reminders/<uuid:reminder_id>/pdf",
    media_type=PDF,
    roles=READERS,
    filters=PaperLanguage,
    summary="The letter of a reminder on paper",
)
def reminder_pdf(connection: Connection, filters: dict[str, Any], reminder_id: str) -> File:
    """Print the letter that goes with a reminder, in the words of its level."""
    return print_reminder(
        one_reminder(connection, reminder_id, only_owner=only_owner()), language_of(filters)
    )
