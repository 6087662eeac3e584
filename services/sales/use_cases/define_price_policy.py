"""Define a price policy, or the next revision of one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.ids import derived_id
from services.sales.domain.errors import UnknownCustomer
from services.sales.domain.policy import PolicyLine, PricePolicy, bases_of, check_bases, check_policy
from services.sales.store import customers, items, policies

WORKED_OUT = "price_policy.worked_out"
"""Counts the policies whose prices are worked out of others; its row is what their authors wait for."""


@dataclass(frozen=True)
class DefinePricePolicy:
    """A policy as its author wants it; it is for whom it names, and for all when it names nobody."""

    name: str
    currency: str
    lines: tuple[PolicyLine, ...]
    by: str
    customer_id: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    customer_group: str | None = None
    channel: str | None = None
    region: str | None = None


def define_price_policy(tx: Transaction, command: DefinePricePolicy) -> PricePolicy:
    """Store the policy; it takes the place of an earlier one of the same name, from now on.

    Documents keep the prices and the trace that they were made with. Two authors of one name take turns.
    """
    if bases_of(command.lines):
        # Authors of prices that are worked out of others take turns: two could close a circle together otherwise.
        next_number(tx, WORKED_OUT)
    drawn = draw_price_policy(tx, command)
    policy = replace(drawn, revision=next_number(tx, f"price_policy.{derived_id(command.name)}"))
    policies.add(tx, policy, command.by)
    return policy


def draw_price_policy(tx: Transaction, command: DefinePricePolicy) -> PricePolicy:
    """Return the policy as it would be stored, still without its revision; refuse what cannot be one."""
    if command.customer_id is not None and customers.find(tx.connection, command.customer_id) is None:
        raise UnknownCustomer(f"there is no customer {command.customer_id}", field="customer_id")
    known = items.known(tx.connection, (line.item_id for line in command.lines))
    check_policy(command.currency, command.lines, frozenset(known), command.valid_from, command.valid_until)
    policy = PricePolicy(
        id=tx.new_id(),
        name=command.name,
        revision=0,
        currency=command.currency,
        lines=command.lines,
        customer_id=command.customer_id,
        customer_group=command.customer_group,
        channel=command.channel,
        region=command.region,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
    )
    bases = bases_of(command.lines)
    if bases:
        check_bases(policy, policies.current(tx.connection, bases), policies.based_on(tx.connection))
    return policy
