"""Know a confirmed order as its change says: what to invoice, and how much credit is held for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.money import Money
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.finance.domain.account import Account
from services.finance.domain.credit import CreditHold
from services.finance.domain.invoicing import Order, OrderLine
from services.finance.domain.kept import Kept
from services.finance.domain.taxes import LineTax, ppm_of
from services.finance.domain.terms import Terms
from services.finance.events import OrderAmended
from services.finance.store import accounts, holds, orders
from services.finance.use_cases.credit import grant_waiting

JOINED = "it joined the order that it was asked for"
ENDED = "the order holds no credit any more"


@dataclass(frozen=True)
class LineTerms:
    """What an order line says; ``net`` and ``tax`` are of all of it, ``kept`` is what had left when it changed."""

    quantity: Quantity
    net: Money
    tax: Money
    tax_code: str | None
    tax_percent: Decimal | None
    kept: Quantity
    kept_net: Money
    kept_tax: Money


@dataclass(frozen=True)
class AmendedLine:
    """A line that changed; without ``before`` it is new, without ``after`` it is none any more."""

    order_line_id: str
    line_no: int
    item_id: str
    sku: str
    name: str
    before: LineTerms | None
    after: LineTerms | None


@dataclass(frozen=True)
class AmendedOrder:
    """What finance reads of ``sales.order.amended.v1``."""

    order_id: str
    number: str
    customer_id: str
    change_id: str
    change_no: int
    total: Money
    lines: tuple[AmendedLine, ...]


def amend_order(tx: Transaction, changed: AmendedOrder, terms: Terms) -> None:
    """Keep the order as it reads now, join the credit that was held for the change, or free what it needs less."""
    account = accounts.lock(tx.connection, changed.customer_id)
    before = orders.lock(tx.connection, changed.order_id)
    if account is None or before is None:
        raise Later(f"order {changed.order_id} or its customer's account is not here yet")
    if before.change_no < changed.change_no:
        orders.amend(tx.connection, *_after(before, changed))
        _amend_credit(tx, account, before, changed, terms)
    now = orders.lock(tx.connection, changed.order_id)
    assert now is not None
    told = OrderAmended(
        now.order_id,
        changed.change_id,
        changed.change_no,
        now.total,
        not any(line.left for line in now.lines),
    )
    publish(tx, told, correlation_id=now.correlation_id)


def _after(before: Order, changed: AmendedOrder) -> tuple[Order, list[OrderLine], list[OrderLine], list[str]]:
    """Return the order's new head, and which lines are rewritten, new, and gone."""
    known = {line.order_line_id: line for line in before.lines}
    rewritten, new, gone = [], [], []
    for each in changed.lines:
        line = known.get(each.order_line_id)
        if each.after is None:
            gone.append(each.order_line_id)
        elif line is None:
            new.append(_line(each, each.after, changed.total.currency))
        else:
            rewritten.append(_with_terms(line, each.after))
    head = replace(before, total=changed.total, change_no=changed.change_no)
    return head, rewritten, new, gone


def _line(each: AmendedLine, after: LineTerms, currency: str) -> OrderLine:
    nothing = Money.zero(currency)
    empty = OrderLine(
        order_line_id=each.order_line_id,
        line_no=each.line_no,
        item_id=each.item_id,
        sku=each.sku,
        name=each.name,
        quantity=after.quantity,
        amount=after.net,
        invoiced_quantity=Quantity.zero(),
        invoiced_amount=nothing,
        invoiced_tax=nothing,
    )
    return _with_terms(empty, after)


def _with_terms(line: OrderLine, after: LineTerms) -> OrderLine:
    tax = None
    if after.tax_code is not None and after.tax_percent is not None:
        tax = LineTax(after.tax_code, ppm_of(after.tax_percent), after.tax)
    kept = Kept(after.kept, after.kept_net, after.kept_tax) if after.kept else None
    # Whatever was refused had left before this change, as all that is kept of it.
    refused = min(line.waived, after.kept)
    return replace(line, quantity=after.quantity, amount=after.net, tax=tax, kept=kept, kept_waived=refused)


def _amend_credit(
    tx: Transaction, account: Account, before: Order, changed: AmendedOrder, terms: Terms
) -> None:
    """Let the order hold what it comes to now; the account is locked, so nobody takes of it in between."""
    hold = holds.find(tx.connection, changed.order_id, locked=True)
    joining = holds.find(tx.connection, changed.change_id, locked=True)
    held_for_it = joining.held if joining is not None and joining.state == "granted" else None
    if hold is None or hold.state not in ("granted", "used"):
        if held_for_it is not None:
            _free(tx, account, changed.change_id, held_for_it, terms)
        return
    if held_for_it is not None:
        holds.join(tx.connection, changed.change_id, changed.order_id, tx.now, JOINED)
        _hold_more(tx, hold, held_for_it)
    elif joining is None and changed.total > before.total:
        more = changed.total - before.total
        _hold_more(tx, hold, more)
        accounts.move(tx.connection, account.customer_id, held=more.minor)
    elif changed.total < before.total:
        _hold_less(tx, account, hold, before.total - changed.total, terms)
    _use_up(tx, account, changed, terms)


def _free(tx: Transaction, account: Account, change_id: str, held: Money, terms: Terms) -> None:
    """Give back what is held for a change whose order was cancelled meanwhile."""
    holds.settle(tx.connection, change_id, "released", Money.zero(held.currency), tx.now, ENDED)
    after = accounts.move(tx.connection, account.customer_id, held=-held.minor)
    grant_waiting(tx, after, terms)


def _hold_more(tx: Transaction, hold: CreditHold, more: Money) -> None:
    """Let an order hold more, also one all of which was invoiced before finance heard of its change."""
    if hold.state == "used":
        holds.settle(tx.connection, hold.order_id, "granted", hold.held, tx.now)
    holds.grow(tx.connection, hold.order_id, more)


def _hold_less(tx: Transaction, account: Account, hold: CreditHold, less: Money, terms: Terms) -> None:
    given_back = min(less, hold.held)
    holds.grow(tx.connection, hold.order_id, -given_back)
    after = accounts.move(tx.connection, account.customer_id, held=-given_back.minor)
    grant_waiting(tx, after, terms)


def _use_up(tx: Transaction, account: Account, changed: AmendedOrder, terms: Terms) -> None:
    """End the hold of an order of which nothing is left to invoice; the rest of it, if any, is free."""
    now = orders.lock(tx.connection, changed.order_id)
    hold = holds.find(tx.connection, changed.order_id, locked=True)
    if now is None or hold is None or any(line.left for line in now.lines):
        return
    holds.settle(tx.connection, hold.order_id, "used", Money.zero(hold.held.currency), tx.now)
    if hold.held:
        after = accounts.move(tx.connection, account.customer_id, held=-hold.held.minor)
        grant_waiting(tx, after, terms)
