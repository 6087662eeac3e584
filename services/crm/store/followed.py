"""What came of opportunities: the quotations drawn up for them, and how every order fares.

An order is followed whether it comes of an opportunity or not: finance may speak of it before sales does, and only
sales says which quotation it comes of.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, case, false, func, or_, select

from libs.common.db import Prepared, Transaction, Upsert
from libs.common.money import Money
from services.crm.domain.followed_order import Placed
from services.crm.store import overviews
from services.crm.store.pipeline_tables import followed_order, opportunity_quotation

_COUNTED = ("invoiced_minor", "credited_minor", "paid_minor", "revenue_minor", "cost_minor")
_TOLD = (
    "number", "customer_id", "quotation_id", "opportunity_id", "ordered_on", "currency", "total_minor", "confirmed_at",
    "recorded",
)  # fmt: skip
_FIRST = ("shipped_at", "cost_currency")
_OF_GOODS = {"order_id", "cost_minor", "uncosted", *_FIRST}
"""What is in no customer's overview: whoever tells no more than this lets nobody look at him again."""
_OPEN = "placed"
_THESE: BindParameter[list[str]] = bindparam("of_ids", expanding=True)
_WHOSE = Prepared(
    select(followed_order.c.customer_id).where(followed_order.c.order_id.in_(_THESE)).distinct()
)
_ADD = Upsert(
    followed_order,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["order_id"],
        set_={name: followed_order.c[name] + insert.excluded[name] for name in _COUNTED}
        | {name: func.coalesce(insert.excluded[name], followed_order.c[name]) for name in _TOLD}
        | {
            "state": case(
                (insert.excluded.state == _OPEN, followed_order.c.state), else_=insert.excluded.state
            )
        }
        # What was said first stays; goods of another currency than the first have no cost that could be added.
        | {name: func.coalesce(followed_order.c[name], insert.excluded[name]) for name in _FIRST}
        | {
            "uncosted": or_(
                followed_order.c.uncosted,
                insert.excluded.uncosted,
                func.coalesce(followed_order.c.cost_currency != insert.excluded.cost_currency, false()),
            )
        }
        | {"updated_at": insert.excluded.updated_at},
    ),
)


def quoted(tx: Transaction, quotation_id: str, opportunity_id: str, number: str, total: Money) -> None:
    """Note a quotation of an opportunity."""
    statement = opportunity_quotation.insert().values(
        quotation_id=quotation_id,
        opportunity_id=opportunity_id,
        number=number,
        total_minor=total.minor,
        currency=total.currency,
        quoted_at=tx.now,
    )
    tx.connection.execute(statement)


def opportunity_of(connection: Connection, quotation_id: str) -> str | None:
    """Return the opportunity that a quotation was drawn up for, or nothing."""
    query = select(opportunity_quotation.c.opportunity_id).where(
        opportunity_quotation.c.quotation_id == quotation_id
    )
    found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def placed(tx: Transaction, order: Placed) -> None:
    """Note an order."""
    told = vars(order) | {"total_minor": order.total.minor, "currency": order.total.currency}
    del told["total"]
    tx.gather(_write, told)


def confirmed(tx: Transaction, order_id: str, at: datetime) -> None:
    """Note when an order was confirmed: from then on it counts."""
    tx.gather(_write, {"order_id": order_id, "confirmed_at": at})


def counted(
    tx: Transaction, order_id: str, *, invoiced: int = 0, credited: int = 0, paid: int = 0, revenue: int = 0
) -> None:
    """Add to what was invoiced, credited and paid of an order, and to its revenue, in minor units."""
    added = {"invoiced_minor": invoiced, "credited_minor": credited, "paid_minor": paid}
    tx.gather(_write, {"order_id": order_id, "revenue_minor": revenue} | added)


def left(tx: Transaction, order_id: str, at: datetime, costs: Sequence[Money | None]) -> None:
    """Note that goods of an order left, and what they cost; ``None`` where nobody knows."""
    known = [cost for cost in costs if cost is not None]
    _costed(tx, order_id, known, uncosted=len(known) < len(costs), shipped_at=at)


def came_back(tx: Transaction, order_id: str, costs: Sequence[Money]) -> None:
    """Take off what goods cost that lie on the shelf again."""
    _costed(tx, order_id, [-cost for cost in costs], uncosted=False)


def _costed(tx: Transaction, order_id: str, costs: Sequence[Money], *, uncosted: bool, **more: Any) -> None:
    currency = costs[0].currency if costs else None
    alike = [cost.minor for cost in costs if cost.currency == currency]
    told = {
        "cost_minor": sum(alike),
        "cost_currency": currency,
        "uncosted": uncosted or len(alike) < len(costs),
    }
    tx.gather(_write, {"order_id": order_id} | told | more)


def amended(tx: Transaction, order_id: str, total: Money) -> None:
    """Note an order's new total."""
    tx.gather(_write, {"order_id": order_id, "total_minor": total.minor})


def ended(tx: Transaction, order_id: str, state: str) -> None:
    """Note that an order is completed or cancelled."""
    tx.gather(_write, {"order_id": order_id, "state": state})


def _write(tx: Transaction, news: list[dict[str, Any]]) -> None:
    """Write what a group of messages said, order by order in the one sequence in which everybody does."""
    bare = dict.fromkeys((*_TOLD, *_FIRST)) | dict.fromkeys(_COUNTED, 0)
    bare |= {"state": _OPEN, "uncosted": False, "updated_at": tx.now}
    rows: dict[str, dict[str, Any]] = {}
    for each in news:
        row = rows.setdefault(each["order_id"], dict(bare))
        sums = {name: row[name] + each.get(name, 0) for name in _COUNTED}
        first = {name: row[name] or each.get(name) for name in _FIRST}
        differs = each.get("cost_currency") not in (None, first["cost_currency"])
        first["uncosted"] = row["uncosted"] or each.get("uncosted", False) or differs
        row.update({name: value for name, value in each.items() if value is not None} | sums | first)
    tx.connection.execute(_ADD.on(tx.connection), [rows[order_id] for order_id in sorted(rows)])
    seen = sorted({each["order_id"] for each in news if not each.keys() <= _OF_GOODS})
    if seen:
        whose = tx.connection.execute(_WHOSE, {"of_ids": seen}).all()
        overviews.look_again(tx, (row.customer_id for row in whose))
