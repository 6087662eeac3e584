"""A standard quotation in one act: from a list of items, a template or the last order; priced, numbered and sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.forms import Filling
from services.sales.domain.approval import SentQuotation
from services.sales.domain.line_pricing import Pen, RequestedLine
from services.sales.domain.order_type import STANDARD
from services.sales.domain.quotation import Quotation
from services.sales.domain.template import (
    QuotationTemplate,
    SourceNotOne,
    TemplateSuperseded,
    UnknownTemplate,
)
from services.sales.domain.terms import Terms
from services.sales.store import templates
from services.sales.use_cases.answer_quotation import AboutQuotation
from services.sales.use_cases.issue_quotation import IssueQuotation, issue_quotation
from services.sales.use_cases.repeat_order import RepeatOrder, repeat_order
from services.sales.use_cases.send_quotation import send_quotation


@dataclass(frozen=True)
class StandardQuotation:
    """For whom, of what (one of ``lines``, ``template_id``, ``last_order``), and whether it goes out at once.

    Without an ``order_type`` it is standard, or of the type of the last order.
    """

    customer_id: str
    pen: Pen
    lines: tuple[RequestedLine, ...] = ()
    template_id: str | None = None
    last_order: bool = False
    send: bool = False
    only_owner: str | None = None
    valid_until: date | None = None
    promised_on: date | None = None
    channel: str | None = None
    coupon: str | None = None
    order_type: str | None = None
    filling: Filling | None = None


def quote_standard(tx: Transaction, command: StandardQuotation, terms: Terms) -> SentQuotation:
    """Issue the quotation and, if wanted, send it: at once, or once it is approved where a flow asks for that."""
    _require_one_source(command)
    if command.last_order:
        made = _repeat(tx, command, terms)
    else:
        template = _template(tx, command.template_id)
        made = issue_quotation(tx, _offer(tx, command, template, terms), terms)
    if not command.send:
        return SentQuotation(**vars(made))
    return send_quotation(tx, AboutQuotation(made.id, command.only_owner), command.pen.subject)


def _require_one_source(command: StandardQuotation) -> None:
    given = {
        "lines": bool(command.lines),
        "template_id": command.template_id is not None,
        "last_order": command.last_order,
    }
    named = [name for name, is_given in given.items() if is_given]
    if not named:
        raise SourceNotOne("nothing says what is offered", field="lines")
    if len(named) > 1:
        raise SourceNotOne(f"{named[0]} says already what is offered", field=named[1])


def _template(tx: Transaction, template_id: str | None) -> QuotationTemplate | None:
    if template_id is None:
        return None
    found = templates.find(tx.connection, template_id)
    if found is None:
        raise UnknownTemplate(f"there is no template {template_id}", field="template_id")
    if found.superseded_by is not None:
        raise TemplateSuperseded(
            f"revision {found.revision} of {found.name} was replaced",
            field="template_id",
            superseded_by=found.superseded_by,
        )
    return found


def _offer(
    tx: Transaction, command: StandardQuotation, template: QuotationTemplate | None, terms: Terms
) -> IssueQuotation:
    last_day = template.valid_until(terms.today(tx.now)) if template else None
    plain = IssueQuotation(
        customer_id=command.customer_id,
        lines=template.lines if template else command.lines,
        pen=command.pen,
        only_owner=command.only_owner,
        valid_until=command.valid_until or last_day,
        promised_on=command.promised_on,
        channel=command.channel,
        coupon=command.coupon,
        order_type=command.order_type or STANDARD,
        filling=command.filling,
    )
    return plain if template is None else plain.by(template)


def _repeat(tx: Transaction, command: StandardQuotation, terms: Terms) -> Quotation:
    again = RepeatOrder(
        customer_id=command.customer_id,
        pen=command.pen,
        only_owner=command.only_owner,
        valid_until=command.valid_until,
        promised_on=command.promised_on,
        channel=command.channel,
        coupon=command.coupon,
        order_type=command.order_type,
        filling=command.filling,
    )
    return repeat_order(tx, again, terms)
