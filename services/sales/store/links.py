"""Customers' links to quotations, found by the hash of their token, and what was done through them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from libs.common.db import Transaction
from services.sales.domain.customer_link import CustomerLink, LinkAct
from services.sales.store.link_tables import quotation_link, quotation_link_act


def add(tx: Transaction, new: CustomerLink) -> None:
    """Store a link; the one that was open before must have been revoked."""
    tx.connection.execute(insert(quotation_link).values(**vars(new)))


def revoke(tx: Transaction, quotation_id: str, by: str, at: datetime) -> bool:
    """Close the open link of a quotation; false when there is none."""
    is_open = (quotation_link.c.quotation_id == quotation_id) & quotation_link.c.revoked_at.is_(None)
    statement = update(quotation_link).where(is_open).values(revoked_by=by, revoked_at=at)
    return tx.connection.execute(statement).rowcount == 1


def by_token(connection: Connection, token_hash: str) -> CustomerLink | None:
    """Return the link with the hash, or nothing. Looking a hash up takes as long for a wrong one as for a right one."""
    return _link(connection, select(quotation_link).where(quotation_link.c.token_hash == token_hash))


def open_of(connection: Connection, quotation_id: str) -> CustomerLink | None:
    """Return the open link of a quotation, or nothing."""
    is_open = quotation_link.c.revoked_at.is_(None)
    return _link(
        connection, select(quotation_link).where(quotation_link.c.quotation_id == quotation_id, is_open)
    )


def _link(connection: Connection, query: Select[Any]) -> CustomerLink | None:
    row = connection.execute(query).one_or_none()
    return None if row is None else CustomerLink(**row._asdict())


def add_act(tx: Transaction, act: LinkAct) -> None:
    """Keep what was done through a link, for good; a quotation is answered once."""
    tx.connection.execute(insert(quotation_link_act).values(**asdict(act)))


def act_of(connection: Connection, quotation_id: str) -> LinkAct | None:
    """Return what was done through a link of the quotation, or nothing."""
    query = select(quotation_link_act).where(quotation_link_act.c.quotation_id == quotation_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    data = row._asdict()
    chosen = data.pop("chosen")
    return LinkAct(**data, chosen=None if chosen is None else tuple(chosen))
