"""Customer accounts: every change of a figure is one conditional update of one row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, bindparam, insert, not_, or_, select, update

from libs.common.db import Prepared, Transaction, chunks
from libs.common.money import Money
from services.finance.domain.account import Account, LimitSource
from services.finance.store.advance_tables import advance
from services.finance.store.tables import account, credit_hold, invoice, limit_change, payment

_ITS = account.c.customer_id == bindparam("b_customer_id")
_FIND = Prepared(select(account).where(_ITS))
_LOCK = Prepared(select(account).where(_ITS).with_for_update())
_LOCK_MANY = Prepared(
    select(account)
    .where(account.c.customer_id.in_(bindparam("b_customer_ids", expanding=True)))
    .order_by(account.c.customer_id)
    .with_for_update()
)
_EXPOSURE = account.c.held_minor + account.c.receivable_minor - account.c.unallocated_minor
_AMOUNT = bindparam("b_amount", type_=BigInteger)
_BEYOND = bindparam("b_beyond", type_=BigInteger)
_HOLD = Prepared(
    update(account)
    .where(
        _ITS,
        account.c.currency == bindparam("b_currency"),
        not_(account.c.stopped),
        or_(
            _AMOUNT == 0,
            account.c.limit_minor.is_(None),
            account.c.limit_minor + _BEYOND >= _EXPOSURE + _AMOUNT,
        ),
    )
    .values(held_minor=account.c.held_minor + _AMOUNT, version=account.c.version + 1)
    .returning(*account.c)
)
_MOVE = Prepared(
    update(account)
    .where(_ITS)
    .values(
        held_minor=account.c.held_minor + bindparam("b_held"),
        receivable_minor=account.c.receivable_minor + bindparam("b_receivable"),
        unallocated_minor=account.c.unallocated_minor + bindparam("b_unallocated"),
        version=account.c.version + 1,
    )
    .returning(*account.c)
)


def to_account(row: Row[Any]) -> Account:
    """Return the account of a row of the table."""
    return Account(
        customer_id=row.customer_id,
        number=row.number,
        name=row.name,
        owner_id=row.owner_id,
        currency=row.currency,
        limit=None if row.limit_minor is None else Money(row.limit_minor, row.currency),
        held=Money(row.held_minor, row.currency),
        receivable=Money(row.receivable_minor, row.currency),
        unallocated=Money(row.unallocated_minor, row.currency),
        stopped=row.stopped,
        stop_reason=row.stop_reason,
        version=row.version,
        group=row.customer_group,
        limit_source=row.limit_source,
        open_questions=row.open_questions,
    )


def add(connection: Connection, new: Account, opened_at: datetime) -> None:
    """Insert a new account."""
    connection.execute(
        insert(account).values(
            customer_id=new.customer_id,
            number=new.number,
            name=new.name,
            owner_id=new.owner_id,
            currency=new.currency,
            limit_minor=_minor(new.limit),
            held_minor=new.held.minor,
            receivable_minor=new.receivable.minor,
            unallocated_minor=new.unallocated.minor,
            stopped=new.stopped,
            stop_reason=new.stop_reason,
            version=new.version,
            opened_at=opened_at,
            customer_group=new.group,
            limit_source=new.limit_source,
        )
    )


def _minor(amount: Money | None) -> int | None:
    return None if amount is None else amount.minor


def lock(connection: Connection, customer_id: str) -> Account | None:
    """Return the account, its row locked until the end of the transaction; ``None`` when there is none.

    Every change of a customer's figures takes this lock first, as a statement of its own: what is then read
    of the customer's queue, invoices and payments is what the last transaction left, and no two deadlock.
    """
    row = connection.execute(_LOCK, {"b_customer_id": customer_id}).one_or_none()
    return None if row is None else to_account(row)


def find(connection: Connection, customer_id: str) -> Account | None:
    """Return the account as it stands; ``None`` when there is none."""
    row = connection.execute(_FIND, {"b_customer_id": customer_id}).one_or_none()
    return None if row is None else to_account(row)


def lock_many(connection: Connection, customer_ids: Iterable[str]) -> dict[str, Account]:
    """Return the accounts of many customers, those that there are, locked in the order of their ids."""
    found: dict[str, Account] = {}
    for some in chunks(sorted(set(customer_ids))):
        rows = connection.execute(_LOCK_MANY, {"b_customer_ids": some})
        found |= {row.customer_id: to_account(row) for row in rows}
    return found


def hold(connection: Connection, customer_id: str, amount: Money, beyond: int = 0) -> Account | None:
    """Hold ``amount`` in one statement if the limit allows; return the account after it, else ``None``.

    ``beyond`` is by how much, in minor units, an approved override lets the limit be passed.
    """
    wanted = {
        "b_customer_id": customer_id,
        "b_currency": amount.currency,
        "b_amount": amount.minor,
        "b_beyond": beyond,
    }
    row = connection.execute(_HOLD, wanted).one_or_none()
    return None if row is None else to_account(row)


def move(
    connection: Connection, customer_id: str, *, held: int = 0, receivable: int = 0, unallocated: int = 0
) -> Account:
    """Add to the account's figures (minor units, negative to take away) and return it after the change.

    The table's checks refuse a figure below zero.
    """
    change = {"b_held": held, "b_receivable": receivable, "b_unallocated": unallocated}
    return to_account(connection.execute(_MOVE, {"b_customer_id": customer_id, **change}).one())


def _set(connection: Connection, customer_id: str, **values: object) -> Account:
    row = connection.execute(
        update(account)
        .where(account.c.customer_id == customer_id)
        .values(version=account.c.version + 1, **values)
        .returning(*account.c)
    ).one()
    return to_account(row)


def lock_group_members(connection: Connection, group: str, currency: str) -> list[Account]:
    """Return the accounts of a group's customers without a limit of their own, locked in the order of their ids."""
    query = select(account).where(
        account.c.customer_group == group,
        account.c.currency == currency,
        account.c.limit_source != "customer",
    )
    rows = connection.execute(query.order_by(account.c.customer_id).with_for_update())
    return [to_account(row) for row in rows]


def describe(
    connection: Connection,
    customer_id: str,
    number: str,
    name: str,
    owner_id: str | None,
    group: str | None = None,
) -> Account:
    """Keep a customer's present number, name, owner and group."""
    return _set(connection, customer_id, number=number, name=name, owner_id=owner_id, customer_group=group)


def restart_in(
    connection: Connection, customer_id: str, currency: str, limit: Money | None, source: LimitSource
) -> Account:
    """Change the currency and with it the limit of an account that has no documents yet."""
    return _set(connection, customer_id, currency=currency, limit_minor=_minor(limit), limit_source=source)


def set_owner(connection: Connection, customer_id: str, owner_id: str | None) -> bool:
    """Keep the customer's salesperson; return whether there is such an account."""
    changed = connection.execute(
        update(account)
        .where(account.c.customer_id == customer_id)
        .values(owner_id=owner_id, version=account.c.version + 1)
    )
    return changed.rowcount == 1


def set_stop(connection: Connection, customer_id: str, stopped: bool, reason: str | None) -> Account:
    """Stop the customer's credit, or lift the stop."""
    return _set(connection, customer_id, stopped=stopped, stop_reason=reason)


def set_limit(tx: Transaction, before: Account, limit: Money | None, source: LimitSource) -> Account:
    """Set the limit and whose it is; record who changed it, from what, and at which exposure."""
    tx.connection.execute(
        insert(limit_change).values(
            id=tx.new_id(),
            customer_id=before.customer_id,
            currency=before.currency,
            previous_minor=_minor(before.limit),
            limit_minor=_minor(limit),
            exposure_minor=before.exposure.minor,
            changed_by=tx.cause.actor,
            changed_at=tx.now,
        )
    )
    return _set(tx.connection, before.customer_id, limit_minor=_minor(limit), limit_source=source)


def is_unused(connection: Connection, customer_id: str) -> bool:
    """Tell whether no order, advance, invoice or payment was ever recorded for the customer."""
    for table in (credit_hold, advance, invoice, payment):
        found = connection.execute(
            select(table.c.currency).where(table.c.customer_id == customer_id).limit(1)
        )
        if found.first() is not None:
            return False
    return True
