"""The bank's statements over HTTP: taken in as a file, and line by line made payments of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.errors import Invalid
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.finance.api.company import company_terms
from services.finance.api.payments import AllocationIn, SuggestionOut
from services.finance.api.who import BOOKKEEPERS
from services.finance.domain.bank import Statement
from services.finance.domain.bank_csv import CsvForm, read_csv
from services.finance.domain.camt053 import read_camt053
from services.finance.reports.bank import (
    LineGuesses,
    LineSearch,
    LineView,
    StatementView,
    line_guesses,
    list_lines,
    list_statements,
    one_line,
    statements,
)
from services.finance.use_cases.bank import (
    BookLine,
    Certain,
    book_certain,
    book_line,
    ignore_line,
    keep_statements,
    link_line,
    take_up_line,
)
from services.finance.use_cases.payments import InvoiceShare

MOST_CONTENT = 1_000_000
bank_statements = Noun("bank_statements", "/api/v1/bank-statements", description="What the bank says came in")
bank_lines = Noun("bank_lines", "/api/v1/bank-lines", description="Lines of bank statements")


class CsvColumnsIn(Strict):
    """What the file calls our columns; one that is left out is called as we call it, or is not there."""

    booked_on = fields.Text(max=100)
    amount = fields.Text(max=100, metadata={"description": "Negative: money out."})
    text = fields.Text(max=100)
    reference = fields.Text(max=100)
    payer = fields.Text(max=100)
    payer_account = fields.Text(max=100)


class CsvFormIn(Strict):
    """How a table of text is written, where it differs from: comma, point, year-month-day, our names of columns."""

    account = fields.Text(max=64, required=True, metadata={"description": "Whose statement it is: the IBAN."})
    currency = fields.CurrencyField(required=True)
    number = fields.Text(max=70)
    columns = fields.Nested(CsvColumnsIn)
    delimiter = fields.Choice("comma", "semicolon", "tab", load_default="comma")
    decimal = fields.Choice("point", "comma", load_default="point")
    day_order = fields.Choice("ymd", "dmy", "mdy", load_default="ymd")


class StatementIn(Strict):
    """The file, as text."""

    format = fields.Choice("camt.053", "csv", required=True)
    content = fields.Text(max=MOST_CONTENT, as_a_file=True, required=True)
    csv = fields.Nested(CsvFormIn, metadata={"description": "How the file is written; with format csv only."})


class BankStatementOut(Strict):
    """A statement as it came."""

    id = fields.IdField()
    account = fields.Text(max=64)
    number = fields.Text(max=70, least=0)
    format = fields.Choice("camt.053", "csv")
    currency = fields.CurrencyField()
    first_on = fields.DateField()
    last_on = fields.DateField()
    opening = fields.MoneyField(negative=True, allow_none=True)
    closing = fields.MoneyField(negative=True, allow_none=True)
    lines_new = fields.CountField()
    lines_known = fields.CountField(metadata={"description": "Lines that an earlier file brought."})
    received_by = fields.Text(max=64, allow_none=True)
    received_at = fields.UtcField()


class StatementsOut(Strict):
    """What a file held."""

    statements = fields.ListOf(BankStatementOut)


class BankLineOut(Strict):
    """A line of a statement, and what was done about it."""

    id = fields.IdField()
    statement_id = fields.IdField()
    line_no = fields.CountField(least=1)
    account = fields.Text(max=64)
    reference = fields.Text(max=140, metadata={"description": "The bank's, or what stands for it."})
    booked_on = fields.DateField()
    amount = fields.MoneyField(negative=True, metadata={"description": "Negative: money out."})
    text = fields.Text(max=1000, least=0)
    payer = fields.Text(max=140, allow_none=True)
    payer_account = fields.Text(max=64, allow_none=True)
    is_reversal = fields.Flag()
    state = fields.Choice("new", "booked", "ignored")
    payment_id = fields.IdField(allow_none=True)
    payment_number = fields.Text(max=20, allow_none=True)
    reason = fields.Text(max=500, allow_none=True)


class BankLineFilter(Strict):
    """What to look for."""

    state = fields.Choice("new", "booked", "ignored")
    statement_id = fields.IdField()
    reference = fields.Text(max=140)


class PayerOut(Strict):
    """A customer who may have paid, and what led to him."""

    customer_id = fields.IdField()
    number = fields.Text(max=200)
    name = fields.Text(max=1000)
    by = fields.Choice("reference", "account", "name")
    confidence = fields.Choice("high", "medium", "low")


class GuessOut(Strict):
    """A payer, and what the money may be meant for, the likeliest first."""

    payer = fields.Nested(PayerOut)
    suggestions = fields.ListOf(SuggestionOut, least=0)
    is_certain = fields.Flag()


class LineGuessesOut(Strict):
    """A line, and whose money it may be, the likeliest first."""

    line = fields.Nested(BankLineOut)
    guesses = fields.ListOf(GuessOut, least=0)


class BookIn(Strict):
    """Whose payment the line is, and what it pays."""

    customer_id = fields.IdField(required=True)
    received_on = fields.DateField(metadata={"description": "Left out: the day on which the bank booked it."})
    allocations = fields.ListOf(AllocationIn, least=0, most=500)


class LinkIn(Strict):
    """The payment that somebody recorded by hand."""

    payment_id = fields.IdField(required=True)


class IgnoreIn(Strict):
    """Why it is no payment of a customer."""

    reason = fields.Text(max=500, required=True)


class CertainIn(Strict):
    """All lines of which payer and purpose are certain."""


class CertainOut(Strict):
    """Which payments were booked, and how many lines of those looked at are left; with ``more`` there are others."""

    booked = fields.ListOf(fields.Text(max=20), least=0)
    left = fields.CountField()
    more = fields.Flag()


@dataclass(frozen=True)
class FileView:
    """The statements of a file."""

    statements: list[StatementView]


@dataclass(frozen=True)
class CertainView:
    """What was booked unseen."""

    booked: list[str]
    left: int
    more: bool


@bank_statements.command(
    "POST",
    "/",
    body=StatementIn,
    answer=StatementsOut,
    status=201,
    roles=BOOKKEEPERS,
    summary="Take in a file of the bank",
)
def take_in(tx: Transaction, body: dict[str, Any]) -> FileView:
    """Keep what the bank says; lines that came before, in whatever file, are not taken twice."""
    ids = keep_statements(tx, _read(body), body["format"])
    return FileView(statements(tx.connection, ids))


def _read(body: dict[str, Any]) -> tuple[Statement, ...]:
    if body["format"] == "camt.053":
        if "csv" in body:
            raise Invalid("A camt.053 file says itself how it is written.", field="csv", cure="Leave it out.")
        return read_camt053(body["content"])
    if "csv" not in body:
        raise Invalid(
            "How the table is written is missing.", field="csv", cure="Send account and currency at least."
        )
    return read_csv(body["content"], _form(body["csv"]))


def _form(given: dict[str, Any]) -> CsvForm:
    marks = {"comma": ",", "semicolon": ";", "tab": "\t", "point": "."}
    written = {name: marks[given[name]] for name in ("delimiter", "decimal")}
    return CsvForm(**given | written)


@bank_statements.query(
    "/", answer=BankStatementOut, roles=BOOKKEEPERS, paged=True, summary="Find bank statements"
)
def index(connection: Connection, page: PageRequest) -> Page:
    """List statements, the last that came first."""
    rows = list_statements(connection, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@bank_statements.command(
    "POST",
    "/<uuid:statement_id>/book-certain",
    body=CertainIn,
    answer=CertainOut,
    roles=BOOKKEEPERS,
    summary="Book the lines of a statement that are certain",
)
def certain(tx: Transaction, body: dict[str, Any], statement_id: str) -> CertainView:
    """Book every line of which payer and purpose are certain; the others are left for somebody to look at."""
    done: Certain = book_certain(tx, statement_id, company_terms())
    return CertainView([payment.number for payment in done.booked], done.left, done.more)


@bank_lines.query(
    "/", answer=BankLineOut, roles=BOOKKEEPERS, filters=BankLineFilter, paged=True, summary="Find bank lines"
)
def lines(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List lines, the last that came first."""
    rows = list_lines(connection, LineSearch(**filters), after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@bank_lines.query(
    "/<uuid:line_id>", answer=LineGuessesOut, roles=BOOKKEEPERS, summary="Whose money a line may be"
)
def show(connection: Connection, line_id: str) -> LineGuesses:
    """Show a line with whose money it may be and what it may be meant for."""
    return line_guesses(connection, line_id)


@bank_lines.command(
    "POST",
    "/<uuid:line_id>/book",
    body=BookIn,
    answer=BankLineOut,
    roles=BOOKKEEPERS,
    summary="Take a line for a payment",
)
def book(tx: Transaction, body: dict[str, Any], line_id: str) -> LineView:
    """Record the line as a customer's payment under the bank's reference, and allocate it as asked."""
    shares = tuple(InvoiceShare(**share) for share in body.get("allocations", ()))
    book_line(tx, BookLine(line_id, **body | {"allocations": shares}), company_terms())
    return one_line(tx.connection, line_id)


@bank_lines.command(
    "POST",
    "/<uuid:line_id>/link",
    body=LinkIn,
    answer=BankLineOut,
    roles=BOOKKEEPERS,
    summary="Say which payment a line is",
)
def link(tx: Transaction, body: dict[str, Any], line_id: str) -> LineView:
    """Link the line to the payment of the same amount that somebody recorded by hand."""
    link_line(tx, line_id, body["payment_id"])
    return one_line(tx.connection, line_id)


@bank_lines.command(
    "POST",
    "/<uuid:line_id>/ignore",
    body=IgnoreIn,
    answer=BankLineOut,
    roles=BOOKKEEPERS,
    summary="Leave a line alone",
)
def ignore(tx: Transaction, body: dict[str, Any], line_id: str) -> LineView:
    """Leave a line alone that is no customer's payment, with the reason."""
    ignore_line(tx, line_id, body["reason"])
    return one_line(tx.connection, line_id)


@bank_lines.command(
    "POST",
    "/<uuid:line_id>/take-up",
    answer=BankLineOut,
    roles=BOOKKEEPERS,
    summary="Look at an ignored line after all",
)
def take_up(tx: Transaction, line_id: str) -> LineView:
    """Take an ignored line up again."""
    take_up_line(tx, line_id)
    return one_line(tx.connection, line_id)
