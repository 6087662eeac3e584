"""What a quotation says beside its lines, and how it is shown to its customer."""

from __future__ import annotations

from typing import Any

from libs.common.web import Strict, fields
from services.sales.api.lines import LineTaxOut, TaxedSummary, TaxTotalOut
from services.sales.domain.paper import Paper, Passage, Texts

LONGEST_INTRO = 2000
LONGEST_TERMS = 4000


class PassageIn(Strict):
    """What is said before and after the lines, in one language."""

    intro = fields.Text(max=LONGEST_INTRO, multiline=True)
    terms = fields.Text(max=LONGEST_TERMS, multiline=True)


class TextsIn(Strict):
    """What is said before and after the lines; what is left out is not said."""

    en = fields.Nested(PassageIn)
    zh = fields.Nested(PassageIn)


class PassageOut(Strict):
    """What is said before and after the lines, in one language."""

    intro = fields.Text(max=LONGEST_INTRO, allow_none=True)
    terms = fields.Text(max=LONGEST_TERMS, allow_none=True)


class TextsOut(Strict):
    """What is said before and after the lines."""

    en = fields.Nested(PassageOut)
    zh = fields.Nested(PassageOut)


class PaperCompanyOut(Strict):
    """Who offers it, in one language."""

    name = fields.Text(max=200)
    address = fields.Text(max=500, allow_none=True)


class PaperLineOut(Strict):
    """A line as the customer sees it: what it costs, and nothing of how it came to that."""

    line_no = fields.CountField(least=1)
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    uom = fields.Text(max=16)
    quantity = fields.QuantityField()
    unit_price = fields.PriceField()
    discount_percent = fields.PercentField()
    promotion = fields.MoneyField()
    amount = fields.MoneyField(
        metadata={"description": "What the price makes; with tax where prices are inclusive."}
    )
    net = fields.MoneyField()
    tax = fields.Nested(LineTaxOut, allow_none=True)
    gross = fields.MoneyField()
    choice = fields.Choice("required", "optional", "alternative")
    group = fields.Text(max=40, allow_none=True)
    included = fields.Flag()


class PaperOut(TaxedSummary):
    """A quotation as its customer sees it."""

    number = fields.Text(max=32)
    revision = fields.CountField(least=1)
    state = fields.Choice("draft", "pending_approval", "sent", "accepted", "expired", "declined", "cancelled")
    company_en = fields.Nested(PaperCompanyOut)
    company_zh = fields.Nested(PaperCompanyOut)
    customer_name = fields.Text(max=200)
    currency = fields.Text(max=3)
    issued_on = fields.DateField()
    valid_until = fields.DateField()
    promised_on = fields.DateField(allow_none=True)
    texts = fields.Nested(TextsOut)
    lines = fields.ListOf(PaperLineOut)
    total = fields.MoneyField(
        metadata={"description": "Of the required lines and those that are included, with tax."}
    )
    taxes = fields.ListOf(TaxTotalOut, least=0)
    order_number = fields.Text(max=32, allow_none=True)


_AS_IT_IS = (
    "number",
    "revision",
    "state",
    "currency",
    "issued_on",
    "valid_until",
    "promised_on",
    "lines",
    "total",
    "net",
    "tax",
    "tax_rule",
    "taxes",
)


def texts_of(body: dict[str, Any]) -> Texts:
    """Return texts as a caller gave them."""
    return Texts(**{language: Passage(**said) for language, said in body.items()})


def shown(paper: Paper) -> dict[str, Any]:
    """Return a paper as ``PaperOut`` shows it."""
    return {name: getattr(paper.quotation, name) for name in _AS_IT_IS} | {
        "company_en": paper.company.en,
        "company_zh": paper.company.zh,
        "customer_name": paper.customer_name,
        "texts": paper.texts,
        "order_number": paper.order_number,
    }
