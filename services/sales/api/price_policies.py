"""Price policies over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields, principal
from services.sales.api.who import PRICERS, SELLERS, only_owner
from services.sales.domain.policy import MAX_LINES, PolicyLine, PricePolicy
from services.sales.reports.policies import PolicySearch, list_policies, one_policy
from services.sales.use_cases.define_price_policy import DefinePricePolicy, define_price_policy

price_policies = Noun(
    "price_policies", "/api/v1/price-policies", description="What items cost: whom, from which quantity, when"
)


class PolicyLineIn(Strict):
    """From ``min_quantity`` of the item on, one unit costs ``unit_price``."""

    item_id = fields.IdField(required=True)
    min_quantity = fields.QuantityField(required=True)
    unit_price = fields.PriceField(required=True)


class PolicyLineOut(Strict):
    """A tier."""

    item_id = fields.IdField()
    min_quantity = fields.QuantityField()
    unit_price = fields.PriceField()


class PolicyIn(Strict):
    """A new policy, or the next revision of the one of this name, whose place it takes."""

    name = fields.Text(max=120, required=True)
    currency = fields.CurrencyField(required=True)
    customer_id = fields.IdField(
        allow_none=True, metadata={"description": "Left out or null: for all customers."}
    )
    valid_from = fields.DateField(allow_none=True, metadata={"description": "First day; null: always was."})
    valid_until = fields.DateField(allow_none=True, metadata={"description": "Last day; null: no end."})
    lines = fields.ListOf(PolicyLineIn, most=MAX_LINES, required=True)


class PolicySummary(Strict):
    """A policy without its lines."""

    id = fields.IdField()
    name = fields.Text(max=120)
    revision = fields.CountField(least=1)
    currency = fields.Text(max=3)
    customer_id = fields.IdField(allow_none=True)
    valid_from = fields.DateField(allow_none=True)
    valid_until = fields.DateField(allow_none=True)
    superseded_by = fields.IdField(allow_none=True)
    version = fields.CountField(least=1)


class PolicyOut(PolicySummary):
    """A policy."""

    lines = fields.ListOf(PolicyLineOut)


class PolicyFilter(Strict):
    """What to look for."""

    name = fields.Text(max=120)
    customer_id = fields.IdField()
    item_id = fields.IdField()
    superseded = fields.Flag(metadata={"description": "Show superseded revisions too."})


@price_policies.command(
    "POST",
    "/",
    body=PolicyIn,
    answer=PolicyOut,
    status=201,
    roles=PRICERS,
    location="/api/v1/price-policies/{id}",
    summary="Define a price policy",
)
def define(tx: Transaction, body: dict[str, Any]) -> PricePolicy:
    """Define a policy; it prices quotations that are issued from now on."""
    lines = tuple(PolicyLine(**line) for line in body.pop("lines"))
    return define_price_policy(tx, DefinePricePolicy(**body, lines=lines, by=principal().subject))


@price_policies.query(
    "/", answer=PolicySummary, roles=SELLERS, filters=PolicyFilter, paged=True, summary="Find price policies"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List policies, the latest first."""
    wanted = PolicySearch(only_owner=only_owner(), **filters)
    rows = list_policies(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@price_policies.query("/<uuid:policy_id>", answer=PolicyOut, roles=SELLERS, summary="Look at a price policy")
def show(connection: Connection, policy_id: str) -> PricePolicy:
    """Show a policy with its lines."""
    return one_policy(connection, policy_id, only_owner=only_owner())
