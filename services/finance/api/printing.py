"""Finance on paper: what the template of each document gets, with figures as a reader writes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from flask import Flask, current_app

from libs.common.money import Money
from libs.common.printing import Press, amount, day, quantity
from libs.common.web import File, Strict, fields
from services.finance.api.company import company_now
from services.finance.domain.letters import passages
from services.finance.domain.papers import Letterhead
from services.finance.reports.ageing import Aged
from services.finance.reports.credit_notes import CreditNoteDetail
from services.finance.reports.dunning import ReminderView
from services.finance.reports.invoices import InvoiceDetail
from services.finance.reports.papers import StatementPaper

PDF = "application/pdf"
PaperTongue = Literal["en", "zh-CN"]
_OURS = Path(__file__).parents[1] / "papers"
_PRESS = "MERIDIAN_FINANCE_PRESS"
_LETTERHEAD = "MERIDIAN_FINANCE_LETTERHEAD"
_BUCKETS = (
    ("not_due", "Not due", "未到期"),
    ("days_1_30", "1-30 days", "1-30天"),
    ("days_31_60", "31-60 days", "31-60天"),
    ("days_61_90", "61-90 days", "61-90天"),
    ("days_91_120", "91-120 days", "91-120天"),
    ("over_120_days", "Over 120", "120天以上"),
)


class PaperLanguage(Strict):
    """The language of the paper."""

    language = fields.Choice("en", "zh-CN", metadata={"description": "Left out: en."})


def set_press(app: Flask, letterhead: Letterhead, folder: Path | None) -> None:
    """Let ``app`` print on ``letterhead``; templates of ``folder`` come before ours."""
    app.config[_PRESS] = Press(*([] if folder is None else [folder]), _OURS)
    app.config[_LETTERHEAD] = letterhead


def language_of(filters: dict[str, Any]) -> PaperTongue:
    """Return the language that is asked for."""
    found: PaperTongue = filters.get("language", "en")
    return found


def _printed(paper: str, name: str, data: dict[str, Any]) -> File:
    press: Press = current_app.config[_PRESS]
    at: datetime = company_now()
    head: Letterhead = current_app.config[_LETTERHEAD]
    company = {"name": head.name, "lines": list(head.lines), "footer": head.footer or head.name}
    return File(f"{name}.pdf", lambda: press.pdf(paper, {"company": company, **data}, at=at))


def print_statement(paper: StatementPaper, language: PaperTongue) -> File:
    """Return the statement of account as a PDF, to be printed once it is asked for."""
    sheet = paper.statement
    name = f"{paper.to.number}-{sheet.last.isoformat()}"
    return _printed("statement", name, statement_data(paper, language))


def statement_data(paper: StatementPaper, language: PaperTongue) -> dict[str, Any]:
    """Return what the template ``statement`` gets."""
    sheet = paper.statement
    return {
        "language": language,
        "to": {"name": paper.to.name, "number": paper.to.number},
        "currency": sheet.currency,
        "first": day(sheet.first, language),
        "last": day(sheet.last, language),
        "opening": _plain(sheet.opening),
        "charged": _plain(sheet.charged),
        "credited": _plain(sheet.credited),
        "closing": amount(sheet.closing, language),
        "lines": [
            {
                "day": day(line.day, language),
                "kind": line.kind,
                "number": line.number,
                "reference": line.reference,
                "due_on": None if line.due_on is None else day(line.due_on, language),
                "charged": _plain(line.charged) if line.charged else "",
                "credited": _plain(line.credited) if line.credited else "",
                "balance": _plain(line.balance),
            }
            for line in sheet.lines
        ],
        "ageing": [] if paper.aged is None else list(_aged(paper.aged, language)),
        "unallocated": _unallocated(paper.aged, language),
    }


def _plain(money: Money) -> str:
    return amount(money, currency=False)


def _aged(aged: Aged, language: PaperTongue) -> Iterator[dict[str, str]]:
    for name, english, chinese in _BUCKETS:
        label = english if language == "en" else chinese
        yield {"label": label, "amount": _plain(getattr(aged, name))}


def _unallocated(aged: Aged | None, language: PaperTongue) -> str | None:
    return None if aged is None or not aged.unallocated else amount(aged.unallocated, language)


def print_invoice(invoice: InvoiceDetail, language: PaperTongue) -> File:
    """Return the invoice as a PDF, to be printed once it is asked for."""
    return _printed("invoice", invoice.number, invoice_data(invoice, language))


def invoice_data(invoice: InvoiceDetail, language: PaperTongue) -> dict[str, Any]:
    """Return what the template ``invoice`` gets."""
    settled = invoice.total - invoice.open
    return {
        "language": language,
        "number": invoice.number,
        "to": {"name": invoice.customer_name, "number": invoice.customer_number},
        "posted_on": day(invoice.posted_on, language),
        "due_on": day(invoice.due_on, language),
        "order_number": invoice.order_number,
        "delivery_number": invoice.delivery_number,
        "currency": invoice.total.currency,
        "kind": invoice.kind,
        "deducted": _deducted(invoice, language),
        "discount": _discount(invoice, language),
        "net": amount(invoice.net, language) if invoice.taxes or invoice.deducted else None,
        "taxes": _taxes(invoice, language),
        "total": amount(invoice.total, language),
        "settled": amount(settled, language) if settled else None,
        "open": amount(invoice.open, language),
        "instalments": [
            {"due_on": day(each.due_on, language), "amount": amount(each.amount, language)}
            for each in invoice.instalments
        ],
        "lines": _articles(invoice),
    }


def _articles(billed: InvoiceDetail | CreditNoteDetail) -> list[dict[str, Any]]:
    return [
        {
            "line_no": line.line_no,
            "sku": line.sku,
            "name": line.name,
            "quantity": quantity(line.quantity) if line.quantity else "",
            "amount": _plain(line.amount),
        }
        for line in billed.lines
    ]


def _taxes(billed: InvoiceDetail | CreditNoteDetail, language: PaperTongue) -> list[dict[str, str]]:
    return [
        {"percent": f"{each.percent:f} %", "base": _plain(each.net), "tax": amount(each.tax, language)}
        for each in billed.taxes
    ]


def print_credit_note(note: CreditNoteDetail, language: PaperTongue) -> File:
    """Return the credit note as a PDF, to be printed once it is asked for."""
    return _printed("credit_note", note.number, credit_note_data(note, language))


def credit_note_data(note: CreditNoteDetail, language: PaperTongue) -> dict[str, Any]:
    """Return what the template ``credit_note`` gets; a line has no quantity where only its price was lowered."""
    return {
        "language": language,
        "number": note.number,
        "to": {"name": note.customer_name, "number": note.customer_number},
        "posted_on": day(note.posted_on, language),
        "invoice_number": note.invoice_number,
        "order_number": note.order_number,
        "currency": note.total.currency,
        "reason": note.reason,
        "net": amount(note.net, language) if note.taxes else None,
        "taxes": _taxes(note, language),
        "total": amount(note.total, language),
        "settled": [
            {"number": each.number, "amount": amount(each.amount, language)} for each in note.allocations
        ],
        "left": amount(note.unallocated, language) if note.unallocated else None,
        "lines": _articles(note),
    }


def _deducted(invoice: InvoiceDetail, language: PaperTongue) -> dict[str, str] | None:
    """Return what the lines come to, and what of it was invoiced before; nothing where nothing was."""
    if invoice.deducted is None:
        return None
    lines = Money.total((line.amount for line in invoice.lines), invoice.total.currency)
    return {
        "lines": amount(lines, language),
        "number": invoice.deducted.number,
        "amount": amount(-invoice.deducted.amount, language),
    }


def _discount(invoice: InvoiceDetail, language: PaperTongue) -> dict[str, str] | None:
    """Return what may be left out by whoever pays early, as long as all is open."""
    if invoice.discount is None or invoice.discount_until is None or invoice.open != invoice.total:
        return None
    return {
        "until": day(invoice.discount_until, language),
        "amount": amount(invoice.discount, language),
        "pay": amount(invoice.total - invoice.discount, language),
    }


def print_reminder(reminder: ReminderView, language: PaperTongue) -> File:
    """Return the letter of a reminder as a PDF, to be printed once it is asked for."""
    return _printed("reminder", reminder.number, reminder_data(reminder, language))


def reminder_data(reminder: ReminderView, language: PaperTongue) -> dict[str, Any]:
    """Return what the template ``reminder`` gets: the words of its level, and what is overdue."""
    written = day(reminder.issued_on, language)
    words = passages("en" if language == "en" else "zh", reminder.customer_name, reminder.level, written)
    return {
        "language": language,
        "number": reminder.number,
        "to": {"name": reminder.customer_name, "number": reminder.customer_number},
        "issued_on": written,
        "level": reminder.level,
        "greeting": words.greeting,
        "opening": words.opening,
        "closing": words.closing,
        "total": amount(reminder.total, language),
        "currency": reminder.total.currency,
        "lines": [
            {
                "number": line.number,
                "order_number": line.order_number,
                "due_on": day(line.due_on, language),
                "days_overdue": line.days_overdue,
                "open": _plain(line.open),
            }
            for line in reminder.lines
        ],
    }
