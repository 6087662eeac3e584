"""The tax that a period brings: by code and rate from the documents, beside the ledger, down to each document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, literal, select, union_all

from libs.common.money import Money
from services.finance.domain.roles import OUTPUT_TAX
from services.finance.domain.taxes import percent_of
from services.finance.reports.paging import Position
from services.finance.reports.period import Period
from services.finance.store.billing_tables import cash_discount, cash_discount_part, invoice_deduction
from services.finance.store.chart_tables import ledger_account
from services.finance.store.credit_tables import credit_note, credit_note_line
from services.finance.store.tables import account, invoice, invoice_line, journal_entry, posting


@dataclass(frozen=True)
class TaxRow:
    """A code at a rate in one currency: what was invoiced, credited and is left of both, without tax and the tax.

    ``ledger`` is what the account of the output tax moved by; ``difference`` is the tax less that, and is nothing.
    Lines without a code stand together under none, with no tax.
    """

    currency: str
    code: str | None
    percent: Decimal
    invoiced_base: Money
    invoiced_tax: Money
    credited_base: Money
    credited_tax: Money
    base: Money
    tax: Money
    ledger: Money
    difference: Money


@dataclass(frozen=True)
class TaxReport:
    """The taxes of a period, both days included, the highest rate of each currency first."""

    first: date
    last: date
    rows: tuple[TaxRow, ...]


@dataclass(frozen=True)
class TaxDocumentSearch:
    """Whose documents: a period, and perhaps a currency, a code and a rate in parts per million."""

    period: Period
    currency: str | None = None
    code: str | None = None
    ppm: int | None = None


@dataclass(frozen=True)
class TaxDocument:
    """What a document bears of a code at a rate; a credit note's figures are below zero."""

    kind: str
    document_id: str
    number: str
    posted_on: date
    customer_id: str
    customer_name: str
    code: str | None
    percent: Decimal
    base: Money
    tax: Money


def tax_report(connection: Connection, period: Period) -> TaxReport:
    """Sum up the taxes of a period's documents, and what the ledger says of them, by one statement."""
    sums: dict[tuple[str, int, str | None], dict[str, tuple[int, int]]] = defaultdict(dict)
    parts = (
        _invoiced(period),
        _deducted(period),
        _credited(period),
        *_discounted(period),
        _booked(period),
    )
    for row in connection.execute(union_all(*parts)):
        of_rate = sums[row.currency, row.tax_ppm or 0, row.tax_code]
        base, tax = of_rate.get(row.kind, (0, 0))
        of_rate[row.kind] = (base + int(row.base or 0), tax + int(row.tax))
    in_order = sorted(sums, key=lambda key: (key[0], -key[1], key[2] or ""))
    rows = tuple(_row(currency, ppm, code, sums[currency, ppm, code]) for currency, ppm, code in in_order)
    return TaxReport(period.first, period.last, rows)


def _sums(kind: str, currency: Any, line: Any, base: Any, tax: Any) -> Select[Any]:
    return select(
        literal(kind).label("kind"),
        currency.label("currency"),
        line.c.tax_code.label("tax_code"),
        line.c.tax_ppm.label("tax_ppm"),
        func.sum(base).label("base"),
        func.sum(tax).label("tax"),
    ).group_by(currency, line.c.tax_code, line.c.tax_ppm)


def _invoiced(period: Period) -> Select[Any]:
    query = _sums(
        "invoiced", invoice.c.currency, invoice_line, invoice_line.c.amount_minor, invoice_line.c.tax_minor
    )
    return query.join(invoice, invoice.c.id == invoice_line.c.invoice_id).where(*_posted(period))


def _deducted(period: Period) -> Select[Any]:
    """Select what invoices deduct of down payments, below zero."""
    cut = invoice_deduction.c
    query = _sums("invoiced", invoice.c.currency, invoice_deduction, -cut.amount_minor, -cut.tax_minor)
    return query.join(invoice, invoice.c.id == cut.invoice_id).where(*_posted(period))


def _discounted(period: Period) -> Iterator[Select[Any]]:
    """Select what cash discounts take back, and below zero what is owed again of them."""
    part = cash_discount_part.c
    for kind, sign in (("granted", 1), ("reversed", -1)):
        query = _sums(
            "credited",
            cash_discount.c.currency,
            cash_discount_part,
            part.amount_minor * sign,
            part.tax_minor * sign,
        )
        yield query.join(cash_discount, cash_discount.c.id == part.discount_id).where(
            cash_discount.c.kind == kind, cash_discount.c.posted_on.between(period.first, period.last)
        )


def _posted(period: Period) -> tuple[ColumnElement[bool], ...]:
    return invoice.c.state == "posted", invoice.c.posted_on.between(period.first, period.last)


def _credited(period: Period) -> Select[Any]:
    back = credit_note_line.c
    query = _sums("credited", credit_note.c.currency, invoice_line, back.amount_minor, back.tax_minor)
    return (
        query.select_from(credit_note_line)
        .join(credit_note, credit_note.c.id == back.credit_note_id)
        .join(invoice_line, _same_line())
        .where(credit_note.c.posted_on.between(period.first, period.last))
    )


def _same_line() -> ColumnElement[bool]:
    back = credit_note_line.c
    return (invoice_line.c.invoice_id == back.invoice_id) & (invoice_line.c.line_no == back.line_no)


_OUTPUT_TAX = select(ledger_account.c.code).where(ledger_account.c.role == OUTPUT_TAX).scalar_subquery()


def _booked(period: Period) -> Select[Any]:
    moved = posting.c.credit_minor - posting.c.debit_minor
    query = _sums("ledger", posting.c.currency, posting, literal(0), moved)
    return query.join(journal_entry, journal_entry.c.id == posting.c.entry_id).where(
        posting.c.account == _OUTPUT_TAX, journal_entry.c.posted_on.between(period.first, period.last)
    )


def _row(currency: str, ppm: int, code: str | None, sums: dict[str, tuple[int, int]]) -> TaxRow:
    invoiced, credited = sums.get("invoiced", (0, 0)), sums.get("credited", (0, 0))
    tax, ledger = invoiced[1] - credited[1], sums.get("ledger", (0, 0))[1]
    return TaxRow(
        currency=currency,
        code=code,
        percent=percent_of(ppm),
        invoiced_base=Money(invoiced[0], currency),
        invoiced_tax=Money(invoiced[1], currency),
        credited_base=Money(credited[0], currency),
        credited_tax=Money(credited[1], currency),
        base=Money(invoiced[0] - credited[0], currency),
        tax=Money(tax, currency),
        ledger=Money(ledger, currency),
        difference=Money(tax - ledger, currency),
    )


def tax_documents(
    connection: Connection, wanted: TaxDocumentSearch, *, after: Position | None, limit: int
) -> list[TaxDocument]:
    """Return the documents behind a tax report by day and number, each once for every code and rate that it bears."""
    documents = union_all(
        _invoices_with(wanted), _credit_notes_with(wanted), *_discounts_with(wanted)
    ).subquery()
    place = documents.c.posted_on, documents.c.number, documents.c.place
    query = select(documents, account.c.name.label("customer_name")).join(
        account, account.c.customer_id == documents.c.customer_id
    )
    if after is not None:
        day, number, last = after
        on, named, at = place
        query = query.where(
            (on > day) | ((on == day) & ((named > number) | ((named == number) & (at > last))))
        )
    return [_document(row) for row in connection.execute(query.order_by(*place).limit(limit))]


def place_of(document: TaxDocument) -> Position:
    """Return where a document stands in the list, for the page that follows it."""
    ppm = int(document.percent * 10_000)
    return document.posted_on, document.number, _place(document.code, ppm)


def _place(code: str | None, ppm: int) -> str:
    return f"{code or ''} {ppm}"


def _with(
    head: Any,
    kind: str,
    sign: int,
    base: Any,
    tax: Any,
    wanted: TaxDocumentSearch,
    lines: Any = invoice_line,
) -> Select[Any]:
    line = lines.c
    choices = (
        (wanted.currency, head.c.currency == wanted.currency),
        (wanted.code, line.tax_code == wanted.code),
        (wanted.ppm, line.tax_ppm == wanted.ppm),
    )
    named = func.coalesce(line.tax_code, "").op("||")(" ").op("||")(line.tax_ppm)
    return (
        select(
            literal(kind).label("kind"),
            head.c.id,
            head.c.number,
            head.c.posted_on,
            head.c.customer_id,
            head.c.currency,
            line.tax_code,
            line.tax_ppm,
            named.label("place"),
            (func.sum(base) * sign).label("base"),
            (func.sum(tax) * sign).label("tax"),
        )
        .where(
            head.c.posted_on.between(wanted.period.first, wanted.period.last),
            *(condition for value, condition in choices if value is not None),
        )
        .group_by(
            head.c.id,
            head.c.number,
            head.c.posted_on,
            head.c.customer_id,
            head.c.currency,
            line.tax_code,
            line.tax_ppm,
        )
    )


def _invoices_with(wanted: TaxDocumentSearch) -> Select[Any]:
    billed = union_all(_of(invoice_line, 1), _of(invoice_deduction, -1)).subquery()
    line = billed.c
    query = _with(invoice, "invoice", 1, line.amount_minor, line.tax_minor, wanted, billed)
    return query.select_from(invoice.join(billed, line.invoice_id == invoice.c.id)).where(
        invoice.c.state == "posted"
    )


def _of(lines: Any, sign: int) -> Select[Any]:
    line = lines.c
    return select(
        line.invoice_id,
        line.tax_code,
        line.tax_ppm,
        (line.amount_minor * sign).label("amount_minor"),
        (line.tax_minor * sign).label("tax_minor"),
    )


def _discounts_with(wanted: TaxDocumentSearch) -> Iterator[Select[Any]]:
    part = cash_discount_part.c
    for kind, which, sign in (("discount", "granted", -1), ("discount_back", "reversed", 1)):
        query = _with(
            cash_discount, kind, sign, part.amount_minor, part.tax_minor, wanted, cash_discount_part
        )
        lines = cash_discount.join(cash_discount_part, part.discount_id == cash_discount.c.id)
        yield query.select_from(lines).where(cash_discount.c.kind == which)


def _credit_notes_with(wanted: TaxDocumentSearch) -> Select[Any]:
    back = credit_note_line.c
    query = _with(credit_note, "credit", -1, back.amount_minor, back.tax_minor, wanted)
    lines = credit_note.join(credit_note_line, back.credit_note_id == credit_note.c.id)
    return query.select_from(lines.join(invoice_line, _same_line()))


def _document(row: Row[Any]) -> TaxDocument:
    return TaxDocument(
        kind=row.kind,
        document_id=row.id,
        number=row.number,
        posted_on=row.posted_on,
        customer_id=row.customer_id,
        customer_name=row.customer_name,
        code=row.tax_code,
        percent=percent_of(row.tax_ppm),
        base=Money(int(row.base), row.currency),
        tax=Money(int(row.tax), row.currency),
    )
