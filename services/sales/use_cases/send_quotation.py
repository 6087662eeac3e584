"""Send a quotation to the customer, or ask for the approval that it needs before."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.approvals import AskedStep, Facts, Flow, Subject, ask
from libs.common.db import Transaction
from libs.common.outbox import publish
from services.sales.domain import quotation as rules
from services.sales.domain.approval import DOCUMENT, SentQuotation
from services.sales.domain.quotation import Quotation
from services.sales.events import AskedStepTold, QuotationApprovalRequested, QuotationSent
from services.sales.store import quotation_facts, quotations
from services.sales.use_cases.answer_quotation import AboutQuotation, locked_quotation
from services.sales.use_cases.fill_quotation import require_filled_in
from services.sales.use_cases.need_approval import flows_for


def send_quotation(tx: Transaction, about: AboutQuotation, by: str) -> SentQuotation:
    """Note that the customer has the quotation; where flows apply, ask those whom they name first.

    Then the decision that completes the approval sends it.
    """
    quotation = locked_quotation(tx, about)
    sent = rules.send(quotation)
    require_filled_in(tx, quotation)
    flows, facts = flows_for(tx.connection, quotation.id)
    if flows:
        return _ask(tx, quotation, flows, facts, by)
    saved = quotations.save(tx, sent)
    publish(tx, QuotationSent(saved.id, saved.number), correlation_id=saved.id)
    return SentQuotation(**vars(saved))


def _ask(
    tx: Transaction, quotation: Quotation, flows: Sequence[Flow], facts: Facts, by: str
) -> SentQuotation:
    authors = quotation_facts.authors(tx.connection, [quotation.id])[quotation.id]
    subject = Subject(DOCUMENT, quotation.id, quotation.number, quotation.id, facts, authors)
    approval = ask(tx, subject, flows, by)
    waiting = quotations.save(tx, rules.wait_for_approval(quotation, approval.id))
    requested = QuotationApprovalRequested(
        quotation_id=waiting.id,
        number=waiting.number,
        approval_id=approval.id,
        customer_id=waiting.customer_id,
        total=waiting.total,
        requested_by=by,
        flows=tuple(flow.name for flow in flows),
        open_steps=told(approval.open_steps),
    )
    publish(tx, requested, correlation_id=waiting.id)
    return SentQuotation(**vars(waiting), approval=approval)


def told(steps: Sequence[AskedStep]) -> tuple[AskedStepTold, ...]:
    """Return steps as others are told of them."""
    return tuple(
        AskedStepTold(
            step=each.n,
            name=each.name,
            people_needed=each.step.people,
            roles=tuple(one.name for one in each.step.approvers if one.kind == "role"),
            users=tuple(one.name for one in each.step.approvers if one.kind == "user"),
        )
        for each in steps
    )
