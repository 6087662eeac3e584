"""Quotations as printed papers: what the template gets, with figures as a reader of the language writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, current_app

from libs.common.printing import Press, amount, day, number, quantity
from libs.common.web import File, Strict, fields
from services.sales.api.company import company_clock
from services.sales.domain.paper import CompanyProfile, Paper, Passage, Wording
from services.sales.domain.quotation_line import QuotationLine
from services.sales.domain.taxes import TaxTotal

LANGUAGES = ("en", "zh-CN")
PDF = "application/pdf"
_OURS = Path(__file__).parents[1] / "papers"
_PRESS = "MERIDIAN_SALES_PRESS"


class PaperLanguage(Strict):
    """The language of the paper; left out: English."""

    language = fields.Choice(*LANGUAGES)


def set_press(app: Flask, folder: Path | None) -> None:
    """Let ``app`` print; templates of ``folder`` come before ours."""
    app.config[_PRESS] = Press(*([] if folder is None else [folder]), _OURS)


def printed(paper: Paper, language: str | None) -> File:
    """Return the paper as a PDF, to be printed once it is asked for."""
    press: Press = current_app.config[_PRESS]
    at = company_clock().now()
    data = paper_data(paper, language or LANGUAGES[0])
    return File(f"{paper.quotation.number}.pdf", lambda: press.pdf("quotation", data, at=at))


def paper_data(paper: Paper, language: str) -> dict[str, Any]:
    """Return what the template ``quotation`` gets."""
    quotation, chinese = paper.quotation, language == "zh-CN"
    words = paper.company.zh if chinese else paper.company.en
    said: Passage = paper.texts.zh if chinese else paper.texts.en
    promised = quotation.promised_on
    return {
        "language": language,
        "number": quotation.number,
        "state": quotation.state,
        "company": _company(paper.company, words, chinese=chinese),
        "customer": paper.customer_name,
        "issued_on": day(quotation.issued_on, language),
        "valid_until": day(quotation.valid_until, language),
        "promised_on": None if promised is None else day(promised, language),
        "currency": quotation.currency,
        "order_number": paper.order_number,
        "intro": said.intro,
        "terms": said.terms,
        "bank": words.bank,
        "lines": [_line(line, language) for line in quotation.lines],
        "has_options": any(line.option is not None for line in quotation.lines),
        "taxed": bool(quotation.taxes),
        "tax_included": quotation.tax_rule.inclusive,
        "net": amount(quotation.net, language),
        "taxes": [_tax(each, language) for each in quotation.taxes],
        "total": amount(quotation.total, language),
    }


def _company(profile: CompanyProfile, words: Wording, *, chinese: bool) -> dict[str, Any]:
    tax = "税号" if chinese else "Tax No."
    number_of = f"{tax} {profile.tax_number}" if profile.tax_number else None
    under = [words.address, profile.phone, profile.email, profile.website, number_of]
    return {
        "name": words.name,
        "logo": profile.logo_text,
        "lines": [each for each in under if each],
        "footer": words.footer or words.name,
    }


def _tax(total: TaxTotal, language: str) -> dict[str, str]:
    return {
        "percent": f"{number(str(total.percent))} %",
        "net": amount(total.net, language, currency=False),
        "tax": amount(total.tax, language),
    }


def _line(line: QuotationLine, language: str) -> dict[str, Any]:
    return {
        "line_no": line.line_no,
        "sku": line.sku,
        "name": line.name,
        "quantity": f"{quantity(line.quantity)} {line.uom}",
        "unit_price": number(line.unit_price.digits),
        "discount": f"{number(str(line.discount_percent.normalize()))} %" if line.discount_bp else None,
        "promotion": amount(line.promotion, language) if line.promotion.minor else None,
        "amount": amount(line.amount, language, currency=False),
        "choice": line.choice,
        "group": line.group,
        "included": line.included,
    }
