"""The versions of the credit policy, and what each group is trusted with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select

from libs.common.db import Prepared, Transaction, lock_series
from libs.common.money import Money
from services.finance.domain.limits import GroupLimit
from services.finance.domain.standing import CreditPolicy, DeliveryCheck
from services.finance.store.credit_policy_tables import credit_group_limit, credit_policy

_NOW = Prepared(select(credit_policy).order_by(credit_policy.c.version.desc()).limit(1))
_later = credit_group_limit.alias()
_IS_LAST = ~(
    select(_later.c.version)
    .where(
        _later.c.customer_group == credit_group_limit.c.customer_group,
        _later.c.currency == credit_group_limit.c.currency,
        _later.c.version > credit_group_limit.c.version,
    )
    .exists()
)
_OF_GROUP = Prepared(
    select(credit_group_limit)
    .where(
        credit_group_limit.c.customer_group == bindparam("b_group"),
        credit_group_limit.c.currency == bindparam("b_currency"),
    )
    .order_by(credit_group_limit.c.version.desc())
    .limit(1)
)


def policy_now(connection: Connection, first: CreditPolicy) -> CreditPolicy:
    """Return the policy that applies now: the last that was set, or else ``first``."""
    row = connection.execute(_NOW).one_or_none()
    if row is None:
        return first
    delivery = DeliveryCheck(row.delivery_when, row.delivery_days, row.delivery_from)
    return CreditPolicy(row.version, row.watch_percent, row.watch_overdue_days, row.grace_days, delivery)


def add_policy(tx: Transaction, new: CreditPolicy) -> None:
    """Store the next version; one that another has stored meanwhile breaks the key."""
    tx.connection.execute(
        insert(credit_policy).values(
            version=new.version,
            watch_percent=new.watch_percent,
            watch_overdue_days=new.watch_overdue_days,
            grace_days=new.grace_days,
            delivery_when=new.delivery.when,
            delivery_days=new.delivery.days,
            delivery_from=new.delivery.from_status,
            set_by=tx.cause.actor,
            set_at=tx.now,
        )
    )


def lock_group(tx: Transaction, group: str) -> None:
    """Keep a group to this transaction: who sets its limit and whose customer joins it take turns.

    Without it a customer could join by the old limit after all customers of the group were given the new one.
    """
    lock_series(tx, f"credit_group.{group}")


def group_limit(connection: Connection, group: str, currency: str) -> GroupLimit | None:
    """Return what a group is trusted with in a currency, also when that was taken back; ``None``: never set."""
    row = connection.execute(_OF_GROUP, {"b_group": group, "b_currency": currency}).one_or_none()
    return None if row is None else to_group_limit(row)


def to_group_limit(row: Row[Any]) -> GroupLimit:
    """Return the limit of a row of the table."""
    limit = None if row.limit_minor is None else Money(row.limit_minor, row.currency)
    return GroupLimit(row.customer_group, row.currency, limit, row.version, bool(row.active))


def current_group_limits() -> Select[Any]:
    """Select the limits that apply now."""
    return select(credit_group_limit).where(_IS_LAST, credit_group_limit.c.active)


def add_group_limit(tx: Transaction, new: GroupLimit) -> None:
    """Store the next version of a group's limit."""
    tx.connection.execute(
        insert(credit_group_limit).values(
            customer_group=new.group,
            currency=new.currency,
            version=new.version,
            limit_minor=None if new.limit is None else new.limit.minor,
            active=new.active,
            set_by=tx.cause.actor,
            set_at=tx.now,
        )
    )
