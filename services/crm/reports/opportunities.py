"""Looking at opportunities, and at what came of each."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, select

from libs.common.db import Prepared, matches
from libs.common.money import Money
from services.crm.domain.opportunity import Opportunity, as_percent, chance_bp, visible, weighted
from services.crm.domain.sight import Owners
from services.crm.reports.among import EVERYTHING, Among
from services.crm.store import opportunities
from services.crm.store.pipeline_tables import (
    followed_order,
    item,
    opportunity,
    opportunity_line,
    opportunity_quotation,
    opportunity_step,
    pipeline_stage,
)
from services.crm.store.tables import customer


@dataclass(frozen=True)
class OpportunitySearch:
    """What to look for; ``closes_until`` bounds the expected day, ``owners`` are whose customers the caller sees.

    ``among`` narrows that by the owner of the opportunity itself, as the figures do.
    """

    state: str | None = None
    stage: str | None = None
    customer_id: str | None = None
    source: str | None = None
    campaign_id: str | None = None
    closes_until: date | None = None
    owners: Owners = None
    among: Among = EVERYTHING


@dataclass(frozen=True)
class OpportunityRow(Opportunity):
    """An opportunity with what its customer is called and how likely it is won, in hundredths of a percent."""

    customer_number: str = ""
    customer_name: str = ""
    chance_bp: int = 0

    @property
    def probability_percent(self) -> Decimal | None:
        """How likely it is won, as a percentage."""
        return as_percent(self.chance_bp)

    @property
    def weighted_value(self) -> Money:
        """The part of its value that may be counted upon."""
        return weighted(self.value, self.chance_bp)


@dataclass(frozen=True)
class WantedItem:
    """A line with what its item is called."""

    line_no: int
    item_id: str
    sku: str
    name: str
    uom: str
    quantity: Any


@dataclass(frozen=True)
class Step:
    """How long it was at a stage (or has been won or lost); ``days`` counts to ``left_at``, else to now."""

    step: str
    entered_at: datetime
    left_at: datetime | None
    by: str | None
    days: int


@dataclass(frozen=True)
class Quoted:
    """A quotation that was drawn up for it."""

    quotation_id: str
    number: str
    total: Money
    quoted_at: datetime


@dataclass(frozen=True)
class Ordered:
    """An order that came of it, and its money: invoices less credit notes, and what was paid of them."""

    order_id: str
    number: str
    ordered_on: date
    state: str
    total: Money
    invoiced: Money
    paid: Money


@dataclass(frozen=True)
class WholeOpportunity(OpportunityRow):
    """An opportunity with its lines, its way through the pipeline, and what came of it."""

    items: tuple[WantedItem, ...] = ()
    steps: tuple[Step, ...] = ()
    quotations: tuple[Quoted, ...] = ()
    orders: tuple[Ordered, ...] = ()


def one_opportunity(
    connection: Connection, opportunity_id: str, *, owners: Owners, now: datetime
) -> WholeOpportunity:
    """Return an opportunity with everything that hangs on it; refuse one that the caller may not know of."""
    row = connection.execute(_rows().where(opportunity.c.id == opportunity_id)).one_or_none()
    found = visible(_read(row) if row else None, row.customer_owner if row else None, owners)
    told = {field.name: getattr(found, field.name) for field in fields(OpportunityRow)}
    return WholeOpportunity(
        **told,
        items=_items(connection, opportunity_id),
        steps=_steps(connection, opportunity_id, now),
        quotations=_quotations(connection, opportunity_id),
        orders=_orders(connection, opportunity_id),
    )


def list_opportunities(
    connection: Connection, wanted: OpportunitySearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[OpportunityRow]:
    """Return up to ``limit`` opportunities without their lines, the latest first, those after ``after``."""
    statement = _rows().where(*_conditions(wanted))
    if after is not None:
        (opportunity_id,) = after
        statement = statement.where(opportunity.c.id < opportunity_id)
    rows = connection.execute(statement.order_by(opportunity.c.id.desc()).limit(limit))
    return [_read(row) for row in rows]


def latest_open(connection: Connection, customer_id: str, limit: int) -> list[OpportunityRow]:
    """Return up to ``limit`` open opportunities of a customer without their lines, the latest first."""
    rows = connection.execute(_LATEST_OPEN, {"of_customer": customer_id, "most": limit})
    return [_read(row) for row in rows]


def _conditions(wanted: OpportunitySearch) -> list[ColumnElement[bool]]:
    named = ("state", "stage", "customer_id", "source", "campaign_id")
    found = [
        matches(opportunity.c[name], getattr(wanted, name))
        for name in named
        if getattr(wanted, name) is not None
    ]
    if wanted.closes_until is not None:
        found.append(opportunity.c.expected_close_on <= wanted.closes_until)
    if wanted.owners is not None:
        found.append(customer.c.owner_id.in_(wanted.owners))
    found.extend(wanted.among.holds(opportunity.c.owner_id, opportunity.c.campaign_id))
    return found


def _rows() -> Select[Any]:
    names = (
        customer.c.number.label("customer_number"),
        customer.c.name.label("customer_name"),
        customer.c.owner_id.label("customer_owner"),
        pipeline_stage.c.probability_bp.label("stage_bp"),
    )
    statement = select(*opportunities.COLUMNS, *names).join(
        customer, customer.c.id == opportunity.c.customer_id
    )
    return statement.join(pipeline_stage, pipeline_stage.c.code == opportunity.c.stage)


_LATEST_OPEN = Prepared(
    _rows()
    .where(matches(opportunity.c.state, "open"), opportunity.c.customer_id == bindparam("of_customer"))
    .order_by(opportunity.c.id.desc())
    .limit(bindparam("most"))
)


def _read(row: Row[*tuple[Any, ...]]) -> OpportunityRow:
    plain = opportunities.read(row)
    return OpportunityRow(
        **vars(plain),
        customer_number=row.customer_number,
        customer_name=row.customer_name,
        chance_bp=chance_bp(plain, row.stage_bp),
    )


def _items(connection: Connection, opportunity_id: str) -> tuple[WantedItem, ...]:
    line = opportunity_line.c
    query = select(
        line.line_no, line.item_id, item.c.sku, item.c.name, item.c.uom, line.quantity_milli.label("quantity")
    ).join(item, item.c.id == line.item_id)
    rows = connection.execute(query.where(line.opportunity_id == opportunity_id).order_by(line.line_no))
    return tuple(WantedItem(**row._asdict()) for row in rows)


def _steps(connection: Connection, opportunity_id: str, now: datetime) -> tuple[Step, ...]:
    step = opportunity_step.c
    query = select(step.step, step.entered_at, step.left_at, step.by).where(
        step.opportunity_id == opportunity_id
    )
    rows = connection.execute(query.order_by(step.id))
    return tuple(Step(**row._asdict(), days=((row.left_at or now) - row.entered_at).days) for row in rows)


def _quotations(connection: Connection, opportunity_id: str) -> tuple[Quoted, ...]:
    query = select(opportunity_quotation).where(opportunity_quotation.c.opportunity_id == opportunity_id)
    rows = connection.execute(query.order_by(opportunity_quotation.c.quotation_id))
    return tuple(
        Quoted(row.quotation_id, row.number, Money(row.total_minor, row.currency), row.quoted_at)
        for row in rows
    )


def _orders(connection: Connection, opportunity_id: str) -> tuple[Ordered, ...]:
    query = select(followed_order).where(followed_order.c.opportunity_id == opportunity_id)
    return tuple(_ordered(row) for row in connection.execute(query.order_by(followed_order.c.order_id)))


def _ordered(row: Row[*tuple[Any, ...]]) -> Ordered:
    return Ordered(
        order_id=row.order_id,
        number=row.number,
        ordered_on=row.ordered_on,
        state=row.state,
        total=Money(row.total_minor, row.currency),
        invoiced=Money(row.invoiced_minor - row.credited_minor, row.currency),
        paid=Money(row.paid_minor, row.currency),
    )
