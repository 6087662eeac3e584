"""Price policies over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields, principal
from services.sales.api.company import company_terms
from services.sales.api.lines import LineTaxOut
from services.sales.api.margins import MarginPercentField
from services.sales.api.price_traces import TraceOut
from services.sales.api.who import PRICERS, SELLERS, only_owner, pen
from services.sales.domain.amounts import FULL_BP, basis_points
from services.sales.domain.errors import PriceGivenTwice
from services.sales.domain.formulas import Formula
from services.sales.domain.line_pricing import RequestedLine
from services.sales.domain.policy import MAX_LINES, PolicyLine, PricePolicy
from services.sales.domain.quotation import MAX_LINES as MOST_QUOTED
from services.sales.reports.policies import PolicySearch, list_policies, one_policy
from services.sales.use_cases.define_price_policy import DefinePricePolicy, define_price_policy
from services.sales.use_cases.try_prices import TriedPrices, TryPrices, try_prices

price_policies = Noun(
    "price_policies", "/api/v1/price-policies", description="What items cost: whom, from which quantity, when"
)

FACTOR = r"(10(\.0{1,4})?|[0-9](\.[0-9]{1,4})?)"


class FormulaIn(Strict):
    """How a price is worked out of another one, or of a cost, each time: so much off or on it, rounded once."""

    base = fields.Choice(
        "list",
        "policy",
        "cost",
        required=True,
        metadata={
            "description": "list: what the fixed prices for all say; policy: what the one named says; "
            "cost: what a unit of the item costs the company on the day of pricing."
        },
    )
    policy = fields.Text(max=120, metadata={"description": "The name of the policy, for the base policy."})
    percent_off = fields.PercentField()
    percent_on = fields.PercentField()
    factor = fields.Text(
        max=7,
        pattern=FACTOR,
        metadata={"description": "For the base cost: what it is multiplied by, up to 10; four decimals."},
    )


class PolicyLineIn(Strict):
    """From ``min_quantity`` of the item on, one unit costs ``unit_price``, or what the ``formula`` gives."""

    item_id = fields.IdField(required=True)
    min_quantity = fields.QuantityField(required=True)
    unit_price = fields.PriceField()
    formula = fields.Nested(FormulaIn)


class FormulaOut(Strict):
    """How a price is worked out: so many percent off the base, or so many on it; of a cost, by a factor.

    The factor is shown to those only who may see costs.
    """

    base = fields.Choice("list", "policy", "cost")
    policy = fields.Text(max=120, allow_none=True)
    percent_off = fields.PercentField(allow_none=True)
    percent_on = fields.PercentField(allow_none=True)
    factor = MarginPercentField(max=7, allow_none=True)


class PolicyLineOut(Strict):
    """A tier: with its price, or how it is worked out."""

    item_id = fields.IdField()
    min_quantity = fields.QuantityField()
    unit_price = fields.PriceField(allow_none=True)
    formula = fields.Nested(FormulaOut, allow_none=True)


class PolicyIn(Strict):
    """A new policy, or the next revision of the one of this name, whose place it takes."""

    name = fields.Text(max=120, required=True)
    currency = fields.CurrencyField(required=True)
    customer_id = fields.IdField(
        allow_none=True, metadata={"description": "Left out or null: for all customers."}
    )
    customer_group = fields.Text(
        max=40, allow_none=True, metadata={"description": "For customers of this group only."}
    )
    channel = fields.Text(
        max=40, allow_none=True, metadata={"description": "For quotations of this channel only."}
    )
    region = fields.Text(
        max=40, allow_none=True, metadata={"description": "For customers of this region only."}
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
    customer_group = fields.Text(max=40, allow_none=True)
    channel = fields.Text(max=40, allow_none=True)
    region = fields.Text(max=40, allow_none=True)
    valid_from = fields.DateField(allow_none=True)
    valid_until = fields.DateField(allow_none=True)
    superseded_by = fields.IdField(allow_none=True)
    version = fields.CountField(least=1)


class PolicyOut(PolicySummary):
    """A policy."""

    lines = fields.ListOf(PolicyLineOut)


class TryLineIn(Strict):
    """How much of an item, and with which discount on top."""

    item_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    discount_percent = fields.PercentField()


class TryIn(Strict):
    """Who would buy what, when and by which channel."""

    customer_id = fields.IdField(required=True)
    on = fields.DateField(metadata={"description": "Any day, also one to come. Left out: today."})
    channel = fields.Text(max=40)
    coupon = fields.Text(max=40)
    lines = fields.ListOf(TryLineIn, most=MOST_QUOTED, required=True)


class TriedLineOut(Strict):
    """How a line would be priced; without a price where no policy covers it."""

    item_id = fields.IdField()
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    uom = fields.Text(max=16)
    quantity = fields.QuantityField()
    unit_price = fields.PriceField(allow_none=True)
    discount_percent = fields.PercentField()
    promotion = fields.MoneyField(allow_none=True)
    amount = fields.MoneyField(allow_none=True)
    tax = fields.Nested(LineTaxOut, allow_none=True)
    price_trace = fields.Nested(TraceOut, attribute="trace_data")


class TriedOut(Strict):
    """What a quotation of that day would say; the total is of the lines that have a price, with their tax."""

    customer_id = fields.IdField(attribute="customer.id")
    customer_group = fields.Text(max=40, allow_none=True, attribute="customer.group")
    region = fields.Text(max=40, allow_none=True, attribute="customer.region")
    channel = fields.Text(max=40, allow_none=True)
    on = fields.DateField()
    total = fields.MoneyField()
    tax = fields.MoneyField()
    lines = fields.ListOf(TriedLineOut)


class PolicyFilter(Strict):
    """What to look for."""

    name = fields.Text(max=120)
    customer_id = fields.IdField()
    customer_group = fields.Text(max=40)
    channel = fields.Text(max=40)
    region = fields.Text(max=40)
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
    """Define a policy; it prices quotations that are issued from now on.

    The one wins that names the customer; else his group; else the channel; else the region; else one for all.
    """
    return define_price_policy(tx, wanted_policy(body))


def wanted_policy(body: dict[str, Any]) -> DefinePricePolicy:
    """Return the policy that somebody wrote; refuse a line that is not one price, naming its field."""
    lines = tuple(_line(index, line, body["currency"]) for index, line in enumerate(body.pop("lines")))
    return DefinePricePolicy(**body, lines=lines, by=principal().subject)


def _line(index: int, line: dict[str, Any], currency: str) -> PolicyLine:
    if ("formula" in line) == ("unit_price" in line):
        raise PriceGivenTwice("a fixed price or a formula", field=f"lines.{index}.unit_price")
    price = line.get("unit_price") or _formula(f"lines.{index}.formula", line["formula"], currency)
    return PolicyLine(line["item_id"], line["min_quantity"], price)


def _formula(field: str, given: dict[str, Any], currency: str) -> Formula:
    of_cost = given["base"] == "cost"
    ways = ("percent_off", "percent_on", "factor") if of_cost else ("percent_off", "percent_on")
    if sum(name in given for name in ways) != 1:
        words = "so many percent off, or so many on" + (", or a factor" if of_cost else "")
        raise PriceGivenTwice(words, field=f"{field}.percent_off")
    if "factor" in given and not of_cost:
        raise PriceGivenTwice(
            "a factor is for the base cost", field=f"{field}.factor", cure="give a percentage instead"
        )
    if (given["base"] == "policy") != ("policy" in given):
        raise PriceGivenTwice(
            "the base policy has a name, and the list price none",
            field=f"{field}.policy",
            cure="give base list or cost alone, or base policy and the policy's name",
        )
    return Formula(currency, _change_bp(given), given.get("policy"), of_cost)


def _change_bp(given: dict[str, Any]) -> int:
    if "factor" in given:
        return int(Decimal(given["factor"]) * FULL_BP) - FULL_BP
    off = "percent_off" in given
    change_bp = basis_points(given["percent_off" if off else "percent_on"])
    return -change_bp if off else change_bp


@price_policies.command(
    "POST", "/try", body=TryIn, answer=TriedOut, roles=SELLERS, summary="Try prices, storing nothing"
)
def try_out(tx: Transaction, body: dict[str, Any]) -> TriedPrices:
    """Say what a quotation would cost this customer on any day, and why, with every rule that was tried."""
    lines = tuple(_wanted(line) for line in body.pop("lines"))
    return try_prices(tx, TryPrices(**body, lines=lines, pen=pen(), only_owner=only_owner()), company_terms())


def _wanted(line: dict[str, Any]) -> RequestedLine:
    discount = basis_points(line.pop("discount_percent", 0))
    return RequestedLine(**line, discount_bp=discount)


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
