"""Which customers are to be looked at, what may be expected of each, and what all purchases taught, by version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, or_, select, update

from libs.common.db import Prepared, Transaction, Upsert, upsert_into
from services.crm.domain.buying_model import NOTHING, Model, as_data, from_data
from services.crm.domain.potential import Potential
from services.crm.store import overviews
from services.crm.store.buying_tables import better_item, buying_model, customer_buying

KEPT_VERSIONS = 2
FAILURE = 200
_BUYING = customer_buying.c
_LOOK = Upsert(
    customer_buying,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["customer_id"], set_={"due": True}, where=~_BUYING.due
    ),
)
_THESE: BindParameter[list[str]] = bindparam("of_ids", expanding=True)
_LOCK = Prepared(
    select(_BUYING.customer_id)
    .where(_BUYING.customer_id.in_(_THESE))
    .order_by(_BUYING.customer_id)
    .with_for_update()
)
_TAKEN = Prepared(update(customer_buying).where(_BUYING.customer_id.in_(_THESE)).values(due=False))
_EXPECTED = (
    "orders", "last_on", "interval_days", "interval_of", "next_on", "order_minor", "risk_bp", "expected_minor",
)  # fmt: skip
_SEEN = Prepared(
    update(customer_buying)
    .where(_BUYING.customer_id == bindparam("of_id"))
    .values(
        {name: bindparam(f"to_{name}") for name in ("looked_on", "currency", *_EXPECTED)}
        | {"failed_at": None, "failure": None}
    )
)


def look_again(tx: Transaction, customers: Iterable[str | None]) -> None:
    """Let customers be looked at anew; in the sequence of their ids, as everybody who keeps several does."""
    known = sorted(each for each in set(customers) if each is not None)
    if known:
        tx.connection.execute(_LOOK.on(tx.connection), [{"customer_id": each, "due": True} for each in known])


def due(connection: Connection, today: date, limit: int) -> list[str]:
    """Return customers to look at: first those of whom something was heard, then those not seen today."""
    heard = select(_BUYING.customer_id).where(_BUYING.due).order_by(_BUYING.customer_id).limit(limit)
    found = list(connection.execute(heard).scalars())
    if len(found) < limit:
        unseen = or_(_BUYING.looked_on < today, _BUYING.looked_on.is_(None))
        rest = select(_BUYING.customer_id).where(~_BUYING.due, unseen).limit(limit - len(found))
        found += connection.execute(rest).scalars()
    return found


def lock(tx: Transaction, customer_ids: Sequence[str]) -> list[str]:
    """Keep customers to this transaction, in the sequence of their ids; return those of whom purchases were heard.

    What is heard meanwhile waits for the commit and lets them be looked at once more.
    """
    kept = list(tx.connection.execute(_LOCK, {"of_ids": customer_ids}).scalars())
    if kept:
        tx.connection.execute(_TAKEN, {"of_ids": kept})
    return kept


def looked_at(tx: Transaction, found: Mapping[str, tuple[str | None, Potential | None]], today: date) -> None:
    """Note what may be expected of each of some customers, in which currency, as of ``today``."""
    rows = [
        {"of_id": customer_id, "to_looked_on": today, "to_currency": currency}
        | {f"to_{name}": value for name, value in _told(seen).items()}
        for customer_id, (currency, seen) in found.items()
    ]
    tx.connection.execute(_SEEN, rows)
    overviews.look_again(tx, found)


def _told(found: Potential | None) -> dict[str, Any]:
    if found is None:
        nothing: dict[str, Any] = {"orders": 0, "order_minor": 0, "risk_bp": 0, "expected_minor": 0}
        return nothing | dict.fromkeys(("last_on", "interval_days", "interval_of", "next_on"))
    told = dict(vars(found))
    return {"interval_of": told.pop("by")} | told


def failed(tx: Transaction, customer_id: str, today: date, failure: str) -> None:
    """Note that a customer could not be looked at, and why; he is, once something is heard of him, or tomorrow."""
    values = {"due": False, "looked_on": today, "failed_at": tx.now, "failure": failure[:FAILURE]}
    tx.connection.execute(update(customer_buying).where(_BUYING.customer_id == customer_id).values(**values))


def latest(connection: Connection) -> tuple[int, int, Model]:
    """Return the latest version of what was learnt, how many lines there were then, and what it is."""
    query = select(buying_model).order_by(buying_model.c.version.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return (row.version, row.lines, from_data(row.model)) if row else (0, 0, NOTHING)


def learnt_at(connection: Connection) -> tuple[int, int, Any]:
    """Return the latest version, how many lines there were then, and when that was."""
    columns = (buying_model.c.version, buying_model.c.lines, buying_model.c.made_at)
    row = connection.execute(select(*columns).order_by(buying_model.c.version.desc()).limit(1)).one_or_none()
    return (row.version, row.lines, row.made_at) if row else (0, 0, None)


def keep(tx: Transaction, version: int, lines: int, model: Model) -> bool:
    """Store what was learnt as ``version``; false when somebody has stored that meanwhile."""
    values = {"version": version, "made_at": tx.now, "lines": lines, "model": as_data(model)}
    statement = upsert_into(tx.connection, buying_model).values(**values)
    kept = statement.on_conflict_do_nothing().returning(buying_model.c.version)
    if tx.connection.execute(kept).one_or_none() is None:
        return False
    tx.connection.execute(delete(buying_model).where(buying_model.c.version <= version - KEPT_VERSIONS))
    return True


def better(connection: Connection) -> dict[str, str]:
    """Return which item is the better one of which."""
    return {row.item_id: row.better_id for row in connection.execute(select(better_item))}


def set_better(tx: Transaction, item_id: str, better_id: str, by: str) -> None:
    """Name the better one of an item."""
    values = {"better_id": better_id, "set_by": by, "set_at": tx.now}
    statement = upsert_into(tx.connection, better_item).values(item_id=item_id, **values)
    tx.connection.execute(statement.on_conflict_do_update(index_elements=["item_id"], set_=values))


def no_better(tx: Transaction, item_id: str) -> None:
    """Let an item have no better one any more."""
    tx.connection.execute(delete(better_item).where(better_item.c.item_id == item_id))


def look_at_all(tx: Transaction) -> None:
    """Let all customers be looked at anew: what was learnt is another now."""
    tx.connection.execute(update(customer_buying).where(~_BUYING.due).values(due=True))
