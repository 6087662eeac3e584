"""What quotations say to approval flows, and who wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, or_, select

from libs.common.money import LIMIT_MINOR, Money
from services.sales.domain.approval import QuotationInBrief
from services.sales.domain.margins import margin_bp
from services.sales.store import own_fields
from services.sales.store.option_tables import quotation_option
from services.sales.store.tables import customer, quotation, quotation_line

_TRACE = quotation_line.c.price_trace
_IS_OVERRIDDEN = _TRACE["source"].as_string() == "override"
_COUNTS = or_(quotation_option.c.line_id.is_(None), quotation_option.c.included)
_SAID = (
    select(
        quotation.c.id,
        quotation.c.number,
        quotation.c.customer_id,
        quotation.c.currency,
        quotation.c.total_minor,
        quotation.c.tax_minor,
        quotation.c.order_type,
        quotation.c.order_type_version,
        customer.c.owner_id,
        func.max(quotation_line.c.discount_bp).label("largest_discount"),
        func.max(case((_IS_OVERRIDDEN, 1), else_=0)).label("overridden"),
        func.sum(case((_COUNTS, quotation_line.c.cost_minor))).label("cost"),
        func.sum(case((_COUNTS & quotation_line.c.cost_minor.is_(None), 1), else_=0)).label("without_cost"),
    )
    .join(customer, customer.c.id == quotation.c.customer_id)
    .join(quotation_line, quotation_line.c.quotation_id == quotation.c.id)
    .outerjoin(quotation_option, quotation_option.c.line_id == quotation_line.c.id)
    .group_by(quotation.c.id, customer.c.owner_id)
)


def of(connection: Connection, quotation_id: str) -> QuotationInBrief:
    """Return what a quotation that exists says."""
    brief = _brief(connection.execute(_SAID.where(quotation.c.id == quotation_id)).one())
    return _with_own(connection, [brief])[0]


def of_last(connection: Connection, most: int) -> list[QuotationInBrief]:
    """Return what the last quotations say, the latest first."""
    last = select(quotation.c.id).order_by(quotation.c.id.desc()).limit(most)
    query = _SAID.where(quotation.c.id.in_(last)).order_by(quotation.c.id.desc())
    return _with_own(connection, [_brief(row) for row in connection.execute(query)])


def _with_own(connection: Connection, found: Sequence[QuotationInBrief]) -> list[QuotationInBrief]:
    """Return them with what the company's own forms say of them, of their customers and of their items."""
    items = own_fields.items_of(connection, [each.id for each in found])
    asked = {each.id: own_fields.AskedAbout(each.id, each.customer_id, items[each.id]) for each in found}
    own = own_fields.facts_of(connection, asked)
    return [replace(each, facts={**each.facts, **own[each.id]}) for each in found]


def _brief(row: Row[*tuple[Any, ...]]) -> QuotationInBrief:
    total = Money(row.total_minor, row.currency)
    facts = {
        "total": total,
        "currency": row.currency,
        "largest_discount": row.largest_discount,
        "margin_percent": _margin(row),
        "price_overridden": bool(row.overridden),
        "customer_id": row.customer_id,
        "owner_id": row.owner_id,
        "order_type": row.order_type,
    }
    return QuotationInBrief(row.id, row.number, row.customer_id, total, facts, row.order_type_version)


def _margin(row: Row[*tuple[Any, ...]]) -> int | None:
    """Return the margin over the lines that count, in hundredths of a percent of what they earn without tax.

    Nothing where the cost of one of them is not known.
    """
    if row.without_cost or int(row.cost) > LIMIT_MINOR:
        return None
    earned = Money(row.total_minor - row.tax_minor, row.currency)
    return margin_bp(earned, Money(int(row.cost), row.currency))


def authors(connection: Connection, quotation_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return who wrote each quotation: who issued it or a revision before it, set a price, or filled in a field."""
    found: dict[str, set[str]] = {quotation_id: set() for quotation_id in quotation_ids}
    for query in (_writers(quotation_ids), _pricers(quotation_ids)):
        for row in connection.execute(query):
            found[row.of].add(row.person)
    for quotation_id, people in own_fields.fillers(connection, quotation_ids).items():
        found[quotation_id].update(people)
    return {quotation_id: frozenset(people) for quotation_id, people in found.items()}


def _writers(quotation_ids: Sequence[str]) -> Select[Any]:
    columns = (quotation.c.id, quotation.c.revises, quotation.c.created_by)
    chain = (
        select(quotation.c.id.label("of"), *columns)
        .where(quotation.c.id.in_(quotation_ids))
        .cte("chain", recursive=True)
    )
    before = select(chain.c.of, *columns).join(chain, chain.c.revises == quotation.c.id)
    chain = chain.union_all(before)
    return select(chain.c.of, chain.c.created_by.label("person"))


def _pricers(quotation_ids: Sequence[str]) -> Select[Any]:
    person = _TRACE[("override", "by")].as_string().label("person")
    return (
        select(quotation_line.c.quotation_id.label("of"), person)
        .where(quotation_line.c.quotation_id.in_(quotation_ids), _IS_OVERRIDDEN)
        .distinct()
    )
