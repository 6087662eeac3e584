"""Looking at quotations as their customers see them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from libs.common.ids import secret_digest
from services.sales.domain.choosing import as_ordered
from services.sales.domain.customer_link import NoLink, ShownLink, require_open
from services.sales.domain.paper import CompanyProfile, Paper
from services.sales.domain.quotation import Quotation
from services.sales.reports.quotations import one_quotation
from services.sales.store import customers, links, papers, quotation_options, quotations
from services.sales.store.tables import sales_order


def company(connection: Connection) -> CompanyProfile:
    """Return the company as it stands on papers."""
    return papers.profile(connection)


def paper_of(connection: Connection, quotation_id: str, *, only_owner: str | None) -> Paper:
    """Return a quotation as its customer sees it; refuse one that the caller may not know of."""
    return _paper(connection, one_quotation(connection, quotation_id, only_owner=only_owner))


def paper_by_link(connection: Connection, token: str, today: date) -> Paper:
    """Return the quotation that a customer's link opens."""
    link = links.by_token(connection, secret_digest(token))
    found = None if link is None else quotations.find(connection, link.quotation_id)
    return _paper(connection, require_open(link, found, today))


def _paper(connection: Connection, quotation: Quotation) -> Paper:
    customer = customers.find(connection, quotation.customer_id)
    assert customer is not None
    texts, _ = papers.texts(connection, quotation.id)
    number = None
    if quotation.order_id is not None:
        query = select(sales_order.c.number).where(sales_order.c.id == quotation.order_id)
        number = connection.execute(query).scalar_one()
        quotation = as_ordered(quotation, quotation_options.chosen(connection, quotation.id))
    return Paper(quotation, customer.name, papers.profile(connection), texts, number)


def link_of(connection: Connection, quotation_id: str, *, only_owner: str | None) -> ShownLink:
    """Return the open link of a quotation, and what was done through one."""
    quotation = one_quotation(connection, quotation_id, only_owner=only_owner)
    link = links.open_of(connection, quotation.id)
    if link is None:
        raise NoLink(f"{quotation.number} has no link that is open")
    return ShownLink(**vars(link), answer=links.act_of(connection, quotation.id))
