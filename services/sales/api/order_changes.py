"""Changes of confirmed orders over HTTP: tried, proposed, looked at and taken back."""

from __future__ import annotations

from typing import Any

from marshmallow import post_dump

from libs.common.db import Connection, Database, Transaction
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, expected_version, fields
from services.sales.api.approval_views import ApprovalSummary
from services.sales.api.company import company_terms
from services.sales.api.credit_sight import change_shown
from services.sales.api.lines import COST, KeptPartOut, PricedLineOut
from services.sales.api.margins import CostMoneyField, MarginPercentField
from services.sales.api.price_traces import TraceOut
from services.sales.api.quotation_lines import WantedLineIn, requested
from services.sales.api.who import SELLERS, only_owner, pen
from services.sales.domain.amounts import basis_points
from services.sales.domain.order_change import OrderChange, ShownChange
from services.sales.domain.quotation import MAX_LINES
from services.sales.reports import order_changes as reports
from services.sales.sagas.changing import WithdrawChange, propose_and_check, withdraw_change
from services.sales.use_cases.change_order import ProposeChange
from services.sales.use_cases.draw_up_change import AS_BEFORE, Wanted, WantedLine
from services.sales.use_cases.preview_change import Preview, PreviewChange, preview_change

STATES = ("pending_approval", "checking", "applied", "rejected", "withdrawn")
KINDS = ("added", "changed", "removed")

order_changes = Noun("order_changes", "/api/v1/orders", description="Changes of orders after confirmation")


class OrderLineChangeIn(Strict):
    """What is to be of a line of the order; what is left out stays. What has left keeps its price."""

    line_no = fields.CountField(least=1, required=True)
    quantity = fields.QuantityField(metadata={"description": "Of all of the line, with what has left."})
    unit_price = fields.PriceField(
        metadata={
            "description": "Of what has not left. Another than today's policies': for sales managers and API clients."
        }
    )
    discount_percent = fields.PercentField()
    reprice = fields.Flag(metadata={"description": "What has not left costs what the policies say today."})
    remove = fields.Flag(metadata={"description": "What has not left is not wanted any more."})


class ChangePreviewIn(Strict):
    """What is to be of an order."""

    lines = fields.ListOf(OrderLineChangeIn, least=0, most=MAX_LINES)
    added = fields.ListOf(WantedLineIn, least=0, most=MAX_LINES)
    promised_on = fields.DateField(
        allow_none=True, metadata={"description": "Left out: as before; null: none."}
    )


class OrderChangeIn(ChangePreviewIn):
    """A change of an order, and why."""

    reason = fields.Text(max=500, required=True)
    may_wait = fields.Flag(
        metadata={
            "description": "Whether it waits for stock and credit that are not there; left out: as its type does."
        }
    )


class WithdrawChangeIn(Strict):
    """Why the change is taken back."""

    comment = fields.Text(max=500, required=True)


class ChangedOrderLineOut(PricedLineOut):
    """A line before or after the change; price, discount and promotion are those of what had not left."""

    kept = fields.Nested(KeptPartOut, allow_none=True)


class OrderLineChangeOut(Strict):
    """A line that is new, gone or different; null on the side on which it is not."""

    kind = fields.Choice(*KINDS)
    line_no = fields.CountField(least=1, attribute="line.line_no")
    before = fields.Nested(ChangedOrderLineOut, allow_none=True)
    after = fields.Nested(ChangedOrderLineOut, allow_none=True)
    price_trace = fields.Nested(
        TraceOut,
        attribute="trace",
        allow_none=True,
        metadata={"description": "How it was priced; null where it costs what was agreed before."},
    )


class ChangedSumsOut(Strict):
    """What an order comes to before and after a change; ``difference`` is below zero where it is less."""

    currency = fields.Text(max=3)
    total_before = fields.MoneyField()
    total_after = fields.MoneyField()
    difference = fields.MoneyField(negative=True)
    tax_before = fields.MoneyField()
    tax_after = fields.MoneyField()
    promised_before = fields.DateField(allow_none=True)
    promised_after = fields.DateField(allow_none=True)


class OrderChangeSummary(ChangedSumsOut):
    """A change without its lines."""

    id = fields.IdField()
    order_id = fields.IdField()
    no = fields.CountField(least=1)
    number = fields.Text(max=48)
    state = fields.Choice(*STATES)
    reason = fields.Text(max=500)
    created_by = fields.Text(max=64)
    created_at = fields.UtcField()
    ended_at = fields.UtcField(allow_none=True)
    outcome = fields.Text(
        max=64, allow_none=True, metadata={"description": "Why it was rejected or withdrawn, as a code."}
    )
    detail = fields.Text(max=2000, allow_none=True)
    figures = fields.TextMap(allow_none=True, metadata={"description": "What it waits for, or waited for."})
    based_on = fields.CountField(least=1, metadata={"description": "The version of the order."})
    may_wait = fields.Flag()
    approval_id = fields.IdField(allow_none=True)
    version = fields.CountField(least=1)

    @post_dump
    def _hide(self, shown: dict[str, Any], **_: Any) -> dict[str, Any]:
        return change_shown(shown)


class OrderChangeOut(OrderChangeSummary):
    """A change with its lines."""

    lines = fields.ListOf(OrderLineChangeOut, least=0)


class ProposedOrderChangeOut(OrderChangeOut):
    """A change that was proposed, and the approval that it waits for, where it needs one."""

    approval = fields.Nested(ApprovalSummary, allow_none=True)


class ChangePreviewOut(ChangedSumsOut):
    """What a change would make of an order; nothing is stored. ``approvals`` names the flows that would be asked."""

    margin_before = CostMoneyField(negative=True, allow_none=True, metadata=COST)
    margin_after = CostMoneyField(negative=True, allow_none=True, metadata=COST)
    margin_percent_before = MarginPercentField(max=12, allow_none=True, metadata=COST)
    margin_percent_after = MarginPercentField(max=12, allow_none=True, metadata=COST)
    approvals = fields.ListOf(fields.Text(max=120), least=0)
    lines = fields.ListOf(OrderLineChangeOut, least=0)


def is_settled(database: Database, answer: dict[str, Any]) -> bool:
    """Tell whether a change is decided, or waits for somebody or something."""
    return database.read(lambda connection: reports.is_settled(connection, answer["id"]))


def change_again(connection: Connection, answer: dict[str, Any]) -> ShownChange:
    """Return the change as it is now."""
    found = reports.one_change(connection, answer["order_id"], answer["no"], only_owner=only_owner())
    return ShownChange(**vars(found), approval=reports.approval_of(connection, found))


@order_changes.command(
    "POST",
    "/<uuid:order_id>/changes/preview",
    body=ChangePreviewIn,
    answer=ChangePreviewOut,
    roles=SELLERS,
    summary="Try a change of an order",
)
def preview(tx: Transaction, body: dict[str, Any], order_id: str) -> Preview:
    """Tell what the order would come to, its margin, and who would have to approve; nothing is changed."""
    command = PreviewChange(order_id, _wanted(body), only_owner(), expected_version())
    return preview_change(tx, command, company_terms())


@order_changes.command(
    "POST",
    "/<uuid:order_id>/changes",
    body=OrderChangeIn,
    answer=ProposedOrderChangeOut,
    status=201,
    roles=SELLERS,
    location="/api/v1/orders/{order_id}/changes/{no}",
    wait=is_settled,
    reload=change_again,
    summary="Change a confirmed order",
)
def propose(tx: Transaction, body: dict[str, Any], order_id: str) -> ShownChange:
    """Propose a change: approved where a flow asks for it, checked against stock and credit, then applied as a whole.

    Until it is applied the order stays exactly what it is. ``If-Match`` is the order's version. ``Prefer: wait=N``
    waits until the change is decided, or waits itself.
    """
    command = ProposeChange(
        order_id=order_id,
        reason=body.pop("reason"),
        may_wait=body.pop("may_wait", None),
        wanted=_wanted(body),
        only_owner=only_owner(),
        expected_version=expected_version(),
    )
    return propose_and_check(tx, command, company_terms())


@order_changes.query(
    "/<uuid:order_id>/changes",
    answer=OrderChangeSummary,
    roles=ANY,
    paged=True,
    summary="Find the changes of an order",
)
def index(connection: Connection, page: PageRequest, order_id: str) -> Page:
    """List the changes of an order, the latest first."""
    rows = reports.list_changes(
        connection, order_id, only_owner=only_owner(), after=page.after, limit=page.limit + 1
    )
    return Page.of(rows, page, key=lambda row: (row.no,))


@order_changes.query(
    "/<uuid:order_id>/changes/<int(min=1, max=1000000):no>",
    answer=OrderChangeOut,
    roles=ANY,
    summary="Look at a change of an order",
)
def show(connection: Connection, order_id: str, no: str) -> OrderChange:
    """Show a change with its lines before and after."""
    return reports.one_change(connection, order_id, int(no), only_owner=only_owner())


@order_changes.command(
    "POST",
    "/<uuid:order_id>/changes/<int(min=1, max=1000000):no>/withdraw",
    body=WithdrawChangeIn,
    answer=ProposedOrderChangeOut,
    roles=SELLERS,
    wait=is_settled,
    reload=change_again,
    summary="Take a change of an order back",
)
def withdraw(tx: Transaction, body: dict[str, Any], order_id: str, no: str) -> ShownChange:
    """End a change that is not decided; what was held for it is given back. Repeated, it answers the same."""
    command = WithdrawChange(order_id, int(no), body["comment"], only_owner(), expected_version())
    return ShownChange(**vars(withdraw_change(tx, command)))


def _wanted(body: dict[str, Any]) -> Wanted:
    return Wanted(
        pen=pen(),
        lines=tuple(_line(line) for line in body.get("lines", ())),
        added=tuple(requested(line) for line in body.get("added", ())),
        promised_on=body.get("promised_on", AS_BEFORE),
    )


def _line(line: dict[str, Any]) -> WantedLine:
    given = dict(line)
    if "discount_percent" in given:
        given["discount_bp"] = basis_points(given.pop("discount_percent"))
    return WantedLine(**given)
