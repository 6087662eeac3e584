"""Templates of quotations over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields, principal
from services.sales.api.paper_views import TextsIn, TextsOut, texts_of
from services.sales.api.quotation_lines import CHOICES, requested
from services.sales.api.who import PRICERS, SELLERS
from services.sales.domain.line_pricing import RequestedLine
from services.sales.domain.paper import NO_TEXTS
from services.sales.domain.quotation import MAX_LINES
from services.sales.domain.template import LONGEST_DAYS, QuotationTemplate
from services.sales.reports.templates import TemplateSearch, list_templates, one_template
from services.sales.use_cases.define_template import define_template

templates = Noun(
    "quotation-templates", "/api/v1/quotation-templates", description="What is offered again and again"
)


class TemplateLineIn(Strict):
    """What is offered; its price is that of the day on which a quotation is made of it."""

    item_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    discount_percent = fields.PercentField()
    choice = fields.Choice(*CHOICES, metadata={"description": "Left out: required."})
    group = fields.Text(max=40, metadata={"description": "The alternatives of which one is ordered."})
    preselected = fields.Flag()


class TemplateLineOut(Strict):
    """A line of a template."""

    item_id = fields.IdField()
    quantity = fields.QuantityField()
    discount_percent = fields.PercentField()
    choice = fields.Choice(*CHOICES)
    group = fields.Text(max=40, allow_none=True)
    preselected = fields.Flag()


class TemplateIn(Strict):
    """A template under a name, which takes the place of an earlier one of that name."""

    name = fields.Text(max=120, required=True)
    validity_days = fields.CountField(
        least=1, most=LONGEST_DAYS, metadata={"description": "Left out: as the company's terms say."}
    )
    texts = fields.Nested(TextsIn)
    lines = fields.ListOf(TemplateLineIn, most=MAX_LINES, required=True)


class TemplateOut(Strict):
    """A template."""

    id = fields.IdField()
    name = fields.Text(max=120)
    revision = fields.CountField(least=1)
    validity_days = fields.CountField(allow_none=True)
    texts = fields.Nested(TextsOut)
    lines = fields.ListOf(TemplateLineOut)
    superseded_by = fields.IdField(allow_none=True)
    version = fields.CountField(least=1)


class TemplateFilter(Strict):
    """What to look for; superseded revisions only if asked for."""

    name = fields.Text(max=120)
    superseded = fields.Flag()


@templates.command(
    "POST",
    "/",
    body=TemplateIn,
    answer=TemplateOut,
    status=201,
    roles=PRICERS,
    location="/api/v1/quotation-templates/{id}",
    summary="Define a template",
)
def define(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Store the template, or the next revision of the one that has its name."""
    wanted = QuotationTemplate(
        id="",
        name=body["name"],
        revision=0,
        lines=tuple(requested(line) for line in body["lines"]),
        texts=texts_of(body["texts"]) if "texts" in body else NO_TEXTS,
        validity_days=body.get("validity_days"),
    )
    return _shown(define_template(tx, wanted, principal().subject))


@templates.query(
    "/", answer=TemplateOut, roles=SELLERS, filters=TemplateFilter, paged=True, summary="Find templates"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List templates, the latest first."""
    rows = list_templates(connection, TemplateSearch(**filters), after=page.after, limit=page.limit + 1)
    return Page.of([_shown(row) for row in rows], page, key=lambda row: (row["id"],))


@templates.query("/<uuid:template_id>", answer=TemplateOut, roles=SELLERS, summary="Look at a template")
def show(connection: Connection, template_id: str) -> dict[str, Any]:
    """Show a template of any revision."""
    return _shown(one_template(connection, template_id))


def _shown(template: QuotationTemplate) -> dict[str, Any]:
    return {**vars(template), "lines": [_shown_line(line) for line in template.lines]}


def _shown_line(line: RequestedLine) -> dict[str, Any]:
    return {**vars(line), "discount_percent": line.discount_percent} | {
        "choice": line.option.choice,
        "group": line.option.group,
        "preselected": line.option.preselected,
    }
