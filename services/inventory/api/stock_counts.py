"""Stock counts over HTTP: the sheet, what was found, and the yes to what it is worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, TypeVar

from libs.common.approvals import Voice
from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields, principal
from services.inventory.api.approvals import MOUNT
from services.inventory.api.company_day import company_day
from services.inventory.api.item_costs import COST_READERS
from services.inventory.api.serial_fields import serials_in, serials_out, with_serials
from services.inventory.domain.counting import APPROVER_ROLES, MOST_LINES, CountedLine, CountRules
from services.inventory.reports import counts as report
from services.inventory.reports.approvals import readable
from services.inventory.use_cases.count_stock import (
    AboutCount,
    EnterCounted,
    OpenCount,
    cancel_count,
    close_count,
    enter_counted,
    open_count,
)
from services.inventory.use_cases.decide_approval import decide_count
from services.inventory.use_cases.set_count_rules import SetCountRules, set_count_rules

_STATES = ("counting", "pending_approval", "posted", "cancelled")
_COUNTERS = ("warehouse", "api_client")
_READERS = ("warehouse", "finance", "sales_manager", "api_client")
_DECIDERS = ("warehouse", "sales_manager", "finance")
_Shown = TypeVar("_Shown", bound=report.CountSummary)
_VERDICTS: dict[str, Literal["approved", "rejected"]] = {"approve": "approved", "reject": "rejected"}

stock_counts = Noun(
    "stock-counts",
    "/api/v1/stock-counts",
    description="Counting what lies there, blind, and correcting the books",
)
stock_count_rules = Noun(
    "stock-count-rules",
    "/api/v1/stock-count-rules",
    description="From which difference on a count needs a yes",
)


class CountIn(Strict):
    """What to count: some items, a category, or, with neither, all that ever lay in the warehouse.

    ``id``: a UUIDv7 that the count has already where it was opened, by a terminal without a connection.
    """

    id = fields.IdField(load_default=None, allow_none=True)
    warehouse_id = fields.IdField(required=True)
    item_ids = fields.ListOf(fields.IdField(), least=0, most=MOST_LINES, load_default=())
    category = fields.Text(max=120, load_default=None, allow_none=True)
    note = fields.Text(max=1000, load_default=None, allow_none=True)


class CountedLineIn(Strict):
    """What was found: of a line of the sheet, or of an item (and lot) that the sheet did not list."""

    line_no = fields.CountField(least=1, load_default=None, allow_none=True)
    item_id = fields.IdField(load_default=None, allow_none=True)
    lot = fields.Text(max=64, load_default=None, allow_none=True)
    quantity = fields.QuantityField(zero=True, required=True)
    serials = serials_in()


class CountedIn(Strict):
    """What was found; a line that is entered again counts as the last entry says."""

    lines = fields.ListOf(CountedLineIn, most=MOST_LINES, required=True)


class CountCloseIn(Strict):
    """Closing says no more than that."""


class CountDecisionIn(Strict):
    """Yes or no to the differences; a no says why."""

    decision = fields.Choice("approve", "reject", required=True)
    comment = fields.Text(max=1000, load_default=None, allow_none=True)


class CountCancelIn(Strict):
    """Why the count is given up."""

    reason = fields.Text(max=1000, required=True)


class CountLineOut(Strict):
    """A line; ``recount``: it differs and was counted once. ``book`` and ``difference`` are told once it is closed."""

    line_no = fields.CountField(least=1)
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    uom = fields.Text(max=16)
    lot = fields.Text(max=64, allow_none=True)
    progress = fields.Choice("open", "recount", "counted")
    counts = fields.CountField()
    counted = fields.QuantityField(zero=True, allow_none=True)
    book = fields.QuantityField(zero=True, allow_none=True)
    difference = fields.QuantityField(zero=True, negative=True, allow_none=True)
    missing_serials = serials_out()
    unexpected_serials = serials_out()


class CountActOut(Strict):
    """What somebody did about the approval of a count."""

    deed = fields.Choice("requested", "approved", "rejected", "withdrawn", "escalated", "lapsed")
    by = fields.Text(max=64)
    comment = fields.Text(max=1000, allow_none=True)
    at = fields.UtcField()


class CountApprovalOut(Strict):
    """The question whether the differences are believed; ``barred`` counted, and may not decide."""

    id = fields.IdField()
    state = fields.Choice("waiting", "approved", "rejected", "withdrawn", "lapsed")
    requested_by = fields.Text(max=64)
    barred = fields.ListOf(fields.Text(max=64), least=0)
    acts = fields.ListOf(CountActOut)


class CountSummaryOut(Strict):
    """A count without its lines; values are shown to those who may know what goods cost."""

    id = fields.IdField()
    number = fields.Text(max=32)
    warehouse_id = fields.IdField()
    warehouse_code = fields.Text(max=32)
    state = fields.Choice(*_STATES)
    opened_by = fields.Text(max=120)
    note = fields.Text(max=1000, allow_none=True)
    reason = fields.Text(max=1000, allow_none=True)
    document_id = fields.IdField(allow_none=True)
    absolute_value = fields.MoneyField(allow_none=True)
    net_value = fields.MoneyField(negative=True, allow_none=True)
    created_at = fields.UtcField()
    updated_at = fields.UtcField()
    version = fields.CountField(least=1)


class CountOut(CountSummaryOut):
    """A count."""

    lines = fields.ListOf(CountLineOut, most=10_000)
    approval = fields.Nested(CountApprovalOut, allow_none=True)


class CountFilter(Strict):
    """Which counts to list."""

    state = fields.Choice(*_STATES)
    warehouse_id = fields.IdField()


class CountRulesIn(Strict):
    """Above ``tolerance``, taken absolutely, somebody with one of the roles must say yes; null: nobody is asked."""

    tolerance = fields.MoneyField(required=True, allow_none=True)
    approvers = fields.ListOf(
        fields.Choice(*APPROVER_ROLES), least=0, most=len(APPROVER_ROLES), load_default=()
    )


class CountRulesOut(Strict):
    """The rules that apply now; version 0: nobody ever set any."""

    tolerance = fields.MoneyField(allow_none=True)
    approvers = fields.ListOf(fields.Text(max=64), least=0)
    version = fields.CountField(attribute="revision")


@stock_counts.command(
    "POST",
    "/",
    body=CountIn,
    answer=CountOut,
    status=201,
    roles=_COUNTERS,
    location="/api/v1/stock-counts/{id}",
    summary="Open a stock count",
)
def open_(tx: Transaction, body: dict[str, Any]) -> report.CountShown:
    """Write the sheet of what is to be counted."""
    command = OpenCount(**body | {"item_ids": tuple(body["item_ids"])}, by=principal().subject)
    return _shown(tx.connection, open_count(tx, command).id)


@stock_counts.command(
    "POST",
    "/<uuid:count_id>/counted",
    body=CountedIn,
    answer=CountOut,
    roles=_COUNTERS,
    summary="Enter what was found",
)
def enter(tx: Transaction, body: dict[str, Any], count_id: str) -> report.CountShown:
    """Note what was found beside what the books say now; what moves later is no difference."""
    lines = tuple(CountedLine(**with_serials(line)) for line in body["lines"])
    enter_counted(tx, EnterCounted(count_id, lines, principal().subject, expected_version()))
    return _shown(tx.connection, count_id)


@stock_counts.command(
    "POST",
    "/<uuid:count_id>/close",
    body=CountCloseIn,
    answer=CountOut,
    roles=_COUNTERS,
    summary="Close a stock count",
)
def close(tx: Transaction, _body: dict[str, Any], count_id: str) -> report.CountShown:
    """Post the differences as adjustments, or wait for the yes that they need."""
    close_count(tx, _about(tx, count_id))
    return _shown(tx.connection, count_id)


@stock_counts.command(
    "POST",
    "/<uuid:count_id>/decide",
    body=CountDecisionIn,
    answer=CountOut,
    roles=_DECIDERS,
    summary="Approve or reject a count's differences",
)
def decide(tx: Transaction, body: dict[str, Any], count_id: str) -> report.CountShown:
    """Say yes, which posts them, or no, which lets the count go on; nobody decides on what he counted himself."""
    sight = replace(MOUNT.sight(tx.connection), readable=readable(reads_all=True))
    decide_count(tx, _about(tx, count_id), sight, _VERDICTS[body["decision"]], body["comment"])
    return _shown(tx.connection, count_id)


@stock_counts.command(
    "POST",
    "/<uuid:count_id>/cancel",
    body=CountCancelIn,
    answer=CountOut,
    roles=_COUNTERS,
    summary="Give a stock count up",
)
def cancel(tx: Transaction, body: dict[str, Any], count_id: str) -> report.CountShown:
    """Give the count up; nothing is corrected."""
    cancel_count(tx, _about(tx, count_id), body["reason"])
    return _shown(tx.connection, count_id)


@stock_counts.query("/<uuid:count_id>", answer=CountOut, roles=_READERS, summary="Show a stock count")
def show(connection: Connection, count_id: str) -> report.CountShown:
    """Show a count with its lines."""
    return _shown(connection, count_id)


@stock_counts.query(
    "/",
    answer=CountSummaryOut,
    roles=_READERS,
    filters=CountFilter,
    paged=True,
    summary="List stock counts",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List counts, the latest first."""
    after = page.after[0] if page.after else None
    rows = report.list_counts(connection, filters, after=after, limit=page.limit + 1)
    return Page.of([_for_reader(row) for row in rows], page, key=lambda row: (row.id,))


@stock_count_rules.query("/", answer=CountRulesOut, roles=_READERS, summary="The rules for stock counts")
def show_rules(connection: Connection) -> CountRules:
    """Show the rules that apply now."""
    return report.rules_now(connection)


@stock_count_rules.command(
    "PUT",
    "/",
    body=CountRulesIn,
    answer=CountRulesOut,
    roles=("finance",),
    summary="Set the rules for stock counts",
)
def put_rules(tx: Transaction, body: dict[str, Any]) -> CountRules:
    """Set the rules from now on; a count that waits keeps those by which it was asked."""
    command = SetCountRules(
        body["tolerance"], tuple(body["approvers"]), principal().subject, expected_version()
    )
    return set_count_rules(tx, command)


def _about(tx: Transaction, count_id: str) -> AboutCount:
    who = principal()
    return AboutCount(count_id, Voice(who.subject, who.roles), company_day(tx.now), expected_version())


def _shown(connection: Any, count_id: str) -> report.CountShown:
    return _for_reader(report.one_count(connection, count_id))


def _for_reader(shown: _Shown) -> _Shown:
    if principal().has_any(COST_READERS):
        return shown
    return replace(shown, absolute_value=None, net_value=None)
