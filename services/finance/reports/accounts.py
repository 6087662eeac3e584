"""A customer's account at a glance: limit, exposure, status, what is open, and how they pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Date,
    Row,
    Select,
    bindparam,
    case,
    func,
    select,
)

from libs.common.db import Prepared, matches
from libs.common.money import Money
from services.finance.domain.account import Account, AccountNotFound
from services.finance.domain.dso import tenths
from services.finance.domain.standing import CreditPolicy, first_policy, standing
from services.finance.domain.terms import Terms
from services.finance.reports.paging import Position, page_of
from services.finance.store import exchange
from services.finance.store.accounts import to_account
from services.finance.store.credit_policies import policy_now
from services.finance.store.dues import DUE_ON, IS_OPEN, NOT_PAID, OPEN, WITH_PARTS
from services.finance.store.month_tables import receivable_month
from services.finance.store.tables import account, credit_hold, invoice
from services.finance.store.teams import SIGHT

OPEN_ITEMS_SHOWN = 100


@dataclass(frozen=True)
class AccountSearch:
    """Which accounts are looked for; ``only_owner`` limits them to one salesperson's customers."""

    owner_id: str | None = None
    number: str | None = None
    stopped: bool | None = None
    over_limit: bool | None = None
    only_owner: str | None = None


@dataclass(frozen=True)
class AccountView:
    """An account with the figures that follow from it. ``overdue`` is what is open past its due day."""

    customer_id: str
    number: str
    name: str
    owner_id: str | None
    currency: str
    limit: Money | None
    limit_source: str
    group: str | None
    held: Money
    receivable: Money
    unallocated: Money
    exposure: Money
    room: Money | None
    used_percent: int | None
    status: str
    stopped: bool
    stop_reason: str | None
    overdue: Money
    oldest_due_on: date | None
    version: int


@dataclass(frozen=True)
class OpenItem:
    """An invoice that is not fully paid; due is what of it falls due next."""

    invoice_id: str
    number: str
    order_id: str
    order_number: str
    posted_on: date
    due_on: date
    days_overdue: int
    total: Money
    open: Money


@dataclass(frozen=True)
class WaitingOrder:
    """An order that waits for credit; position 1 is served next."""

    order_id: str
    order_number: str
    amount: Money
    position: int
    asked_at: datetime


@dataclass(frozen=True)
class AccountDetail(AccountView):
    """An account with its open items, oldest due first, its queue, and the payment habit.

    ``average_days_to_pay`` is weighted by amount, from posting to payment; ``None`` before the first payment.
    ``exposure_in_company`` is at the ``exchange_rate`` of today; ``None`` without one.
    """

    open_items: tuple[OpenItem, ...] = ()
    open_items_count: int = 0
    waiting_orders: tuple[WaitingOrder, ...] = ()
    average_days_to_pay: str | None = None
    exposure_in_company: Money | None = None
    exchange_rate: str | None = None


def list_accounts(
    connection: Connection,
    wanted: AccountSearch,
    terms: Terms,
    today: date,
    *,
    after: Position | None,
    limit: int,
) -> list[AccountView]:
    """Return accounts, the customer registered last first."""
    query = _with_dues(today).where(*_conditions(wanted))
    rows = page_of(connection, query, account.c.customer_id, after, limit)
    policy = policy_now(connection, first_policy(terms))
    return [AccountView(**_view(row, policy, today)) for row in rows]


def _conditions(wanted: AccountSearch) -> list[ColumnElement[bool]]:
    exposure = account.c.held_minor + account.c.receivable_minor - account.c.unallocated_minor
    over_limit = func.coalesce(exposure > account.c.limit_minor, False)
    choices = (
        (wanted.owner_id, account.c.owner_id == wanted.owner_id),
        (wanted.only_owner, SIGHT.holds(account.c.owner_id, wanted.only_owner)),
        (wanted.number, account.c.number == wanted.number),
        (wanted.stopped, account.c.stopped == wanted.stopped),
        (wanted.over_limit, over_limit == wanted.over_limit),
    )
    return [condition for value, condition in choices if value is not None]


def _with_dues(today: date | ColumnElement[date]) -> Select[Any]:
    """Select accounts, each with its oldest due day and overdue amount from the index of open invoices."""
    still_open = (invoice.c.customer_id == account.c.customer_id, IS_OPEN)
    past_due = func.coalesce(func.sum(case((today > DUE_ON, OPEN), else_=0)), 0)
    oldest, overdue = (
        select(figure).select_from(WITH_PARTS).where(*still_open).scalar_subquery()
        for figure in (func.min(DUE_ON), past_due)
    )
    return select(account, oldest.label("oldest_due_on"), overdue.label("overdue_minor"))


def _view(row: Row[Any], policy: CreditPolicy, today: date) -> dict[str, Any]:
    found: Account = to_account(row)
    return {
        "customer_id": found.customer_id,
        "number": found.number,
        "name": found.name,
        "owner_id": found.owner_id,
        "currency": found.currency,
        "limit": found.limit,
        "limit_source": found.limit_source,
        "group": found.group,
        "held": found.held,
        "receivable": found.receivable,
        "unallocated": found.unallocated,
        "exposure": found.exposure,
        "room": found.room,
        "used_percent": found.used_percent,
        "status": standing(found, policy, row.oldest_due_on, today).status,
        "stopped": found.stopped,
        "stop_reason": found.stop_reason,
        "overdue": Money(int(row.overdue_minor), found.currency),
        "oldest_due_on": row.oldest_due_on,
        "version": found.version,
    }


def one_account(
    connection: Connection, customer_id: str, terms: Terms, today: date, *, only_owner: str | None = None
) -> AccountDetail:
    """Return the account with all that explains it; refuse one that the caller may not know of."""
    asked = {"of_customer": customer_id, "on_day": today}
    row = connection.execute(_ONE, asked).one_or_none()
    if row is None or not SIGHT.shows(connection, row.owner_id, only_owner):
        raise account_not_found(customer_id)
    items = _open_items(connection, customer_id, today)
    view = _view(row, policy_now(connection, first_policy(terms)), today)
    rate = exchange.rate_on(connection, row.currency, terms.currency, today)
    in_company = view["exposure"] if row.currency == terms.currency else None
    return AccountDetail(
        **view,
        exposure_in_company=in_company if rate is None else rate.convert(view["exposure"]),
        exchange_rate=None if rate is None else rate.rate,
        open_items=items,
        open_items_count=_count_open(connection, customer_id)
        if len(items) == OPEN_ITEMS_SHOWN
        else len(items),
        waiting_orders=_waiting(connection, customer_id),
        average_days_to_pay=_average_days_to_pay(connection, customer_id),
    )


_OF_CUSTOMER: BindParameter[str] = bindparam("of_customer")
_ONE = Prepared(_with_dues(bindparam("on_day", type_=Date)).where(account.c.customer_id == _OF_CUSTOMER))
_NEXT_DUE = func.min(DUE_ON).label("next_due_on")
_OPEN_ITEMS = Prepared(
    select(invoice, _NEXT_DUE)
    .select_from(WITH_PARTS)
    .where(invoice.c.customer_id == _OF_CUSTOMER, IS_OPEN)
    .group_by(invoice.c.id)
    .order_by(_NEXT_DUE, invoice.c.id)
    .limit(OPEN_ITEMS_SHOWN)
)
_HOW_MANY_OPEN = Prepared(select(func.count()).where(invoice.c.customer_id == _OF_CUSTOMER, NOT_PAID))
_WAITING = Prepared(
    select(credit_hold)
    .where(credit_hold.c.customer_id == _OF_CUSTOMER, matches(credit_hold.c.state, "waiting"))
    .order_by(credit_hold.c.queue_no)
)
_PAID = Prepared(
    select(func.sum(receivable_month.c.paid_days), func.sum(receivable_month.c.paid_minor)).where(
        receivable_month.c.customer_id == _OF_CUSTOMER
    )
)


def account_not_found(customer_id: str) -> AccountNotFound:
    """Return the refusal of a customer whom there is not, or whom the caller may not know of."""
    return AccountNotFound(
        f"there is no account of customer {customer_id}",
        field="customer_id",
        cure="choose one from GET /api/v1/accounts",
    )


def require_account(connection: Connection, customer_id: str, only_owner: str | None) -> str:
    """Return the currency of the customer's account; refuse one that the caller may not know of."""
    query = select(account.c.owner_id, account.c.currency).where(account.c.customer_id == customer_id)
    row = connection.execute(query).one_or_none()
    if row is None or not SIGHT.shows(connection, row.owner_id, only_owner):
        raise account_not_found(customer_id)
    return str(row.currency)


def _open_items(connection: Connection, customer_id: str, today: date) -> tuple[OpenItem, ...]:
    rows = connection.execute(_OPEN_ITEMS, {"of_customer": customer_id})
    return tuple(_open_item(row, today) for row in rows)


def _open_item(row: Row[Any], today: date) -> OpenItem:
    return OpenItem(
        invoice_id=row.id,
        number=row.number,
        order_id=row.order_id,
        order_number=row.order_number,
        posted_on=row.posted_on,
        due_on=row.next_due_on,
        days_overdue=max((today - row.next_due_on).days, 0),
        total=Money(row.total_minor, row.currency),
        open=Money(row.open_minor, row.currency),
    )


def _count_open(connection: Connection, customer_id: str) -> int:
    return int(connection.execute(_HOW_MANY_OPEN, {"of_customer": customer_id}).scalar_one())


def _waiting(connection: Connection, customer_id: str) -> tuple[WaitingOrder, ...]:
    rows = connection.execute(_WAITING, {"of_customer": customer_id})
    return tuple(
        WaitingOrder(
            row.order_id, row.order_number, Money(row.amount_minor, row.currency), position, row.asked_at
        )
        for position, row in enumerate(rows, 1)
    )


def _average_days_to_pay(connection: Connection, customer_id: str) -> str | None:
    """Return the average by the months' own sums: there are few, however much a customer buys."""
    weighted, amount = connection.execute(_PAID, {"of_customer": customer_id}).one()
    return tenths(int(weighted or 0), int(amount or 0))
