"""How items are supplied: policies, suppliers' prices, the company's rules for buying, and what can be promised."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.quantity import Quantity
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, expected_version, fields
from services.inventory.api.buying import BUYERS, READERS, RULE_SETTERS
from services.inventory.api.company_day import company_day, company_today
from services.inventory.domain.purchasing_rules import FULL_BP, PurchasingRules
from services.inventory.domain.supply import MOST_LEAD_DAYS
from services.inventory.reports import supply as report
from services.inventory.reports.availability import AvailabilityView
from services.inventory.reports.availability import availability as availability_of
from services.inventory.use_cases.set_supply import (
    AddSupplierPrice,
    SetPurchasingRules,
    SetSupplyPolicy,
    add_supplier_price,
    set_purchasing_rules,
    set_supply_policy,
)

_METHODS = ("none", "buy", "make", "transfer")

supply_policies = Noun("supply-policies", "/api/v1/items", description="How items are supplied")
item_suppliers = Noun(
    "item-suppliers", "/api/v1/items", description="From whom an item can be had, and for what"
)
availability = Noun("availability", "/api/v1/items", description="What can be promised, and when")
supplier_prices = Noun("supplier-prices", "/api/v1/suppliers", description="What suppliers ask for items")
purchasing_rules = Noun(
    "purchasing-rules", "/api/v1/purchasing-rules", description="What the company lets happen when it buys"
)


class SupplyPolicyIn(Strict):
    """How an item is supplied from now on: bought or made by itself, filled from another warehouse, or not."""

    method = fields.Choice(*_METHODS, required=True)
    supplier_id = fields.IdField(load_default=None, allow_none=True)
    lead_days = fields.CountField(
        most=MOST_LEAD_DAYS,
        load_default=0,
        metadata={
            "description": "From the order to the arrival; what is made takes what its bill of materials says"
        },
    )
    multiple = fields.QuantityField(
        load_default=None,
        allow_none=True,
        metadata={"description": "Whole numbers of this are ordered or made"},
    )
    minimum = fields.QuantityField(
        load_default=None, allow_none=True, metadata={"description": "The least that is ordered or made"}
    )
    source_id = fields.IdField(
        load_default=None,
        allow_none=True,
        metadata={"description": "The warehouse that fills the others; it is bought for itself."},
    )


class SupplyPolicyOut(Strict):
    """How an item is supplied now; version 0: nobody said. ``unit_price``: today's for the least that is ordered."""

    item_id = fields.IdField()
    method = fields.Choice(*_METHODS)
    supplier_id = fields.IdField(allow_none=True)
    supplier_number = fields.Text(max=32, allow_none=True)
    lead_days = fields.CountField(most=MOST_LEAD_DAYS)
    multiple = fields.QuantityField(allow_none=True)
    minimum = fields.QuantityField(allow_none=True)
    source_id = fields.IdField(allow_none=True)
    unit_price = fields.PriceField(allow_none=True)
    version = fields.CountField()


class SupplierPriceIn(Strict):
    """What a supplier asks for a unit from a day on (today), when at least ``minimum`` is ordered (any quantity)."""

    item_id = fields.IdField(required=True)
    unit_price = fields.PriceField(required=True)
    valid_from = fields.DateField(load_default=None, allow_none=True)
    minimum = fields.QuantityField(zero=True, load_default=Quantity.zero())


class SupplierPriceOut(Strict):
    """A price; the last that began holds, of the largest minimum that is reached."""

    id = fields.IdField()
    supplier_id = fields.IdField()
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    valid_from = fields.DateField()
    minimum = fields.QuantityField(zero=True)
    unit_price = fields.PriceField()


class OfferOut(SupplierPriceOut):
    """A price with the names of the supplier who asks it."""

    supplier_number = fields.Text(max=32)
    supplier_name = fields.Text(max=200)


class SupplierPriceFilter(Strict):
    """Which prices to list."""

    item_id = fields.IdField()


class PurchasingRulesIn(Strict):
    """The rules from now on; with no limit, nobody needs a second person."""

    approval_limit = fields.MoneyField(required=True, allow_none=True)
    over_receipt_bp = fields.CountField(
        most=FULL_BP,
        required=True,
        metadata={"description": "How much more than ordered is taken in, in hundredths of a percent"},
    )


class PurchasingRulesOut(PurchasingRulesIn):
    """The rules that apply now; version 0: those that come with the product."""

    version = fields.CountField()


class AvailabilityFilter(Strict):
    """How much is asked for (one unit unless given), and for which customer, whose lots may have to last longer."""

    quantity = fields.QuantityField()
    customer_id = fields.IdField()


class ArrivalOut(Strict):
    """What is outstanding of a purchase order's line, and when it is expected."""

    expected_on = fields.DateField()
    purchase_order_id = fields.IdField()
    number = fields.Text(max=32)
    warehouse_id = fields.IdField()
    quantity = fields.QuantityField()


class InProductionOut(Strict):
    """What is outstanding of a released production order, and when it is due."""

    expected_on = fields.DateField()
    production_order_id = fields.IdField()
    number = fields.Text(max=32)
    warehouse_id = fields.IdField()
    quantity = fields.QuantityField()


class AvailabilityOut(Strict):
    """What there is of an item, and when the quantity can be had by one who asks now, behind all who wait.

    ``source``: ``stock``, ``incoming`` (a purchase order or a production order brings it) or ``lead_time`` (it would be
    ordered or begun today); null, like the day, when nobody knows.
    """

    item_id = fields.IdField()
    sku = fields.Text(max=64)
    uom = fields.Text(max=16)
    on_hand = fields.QuantityField(zero=True)
    reserved = fields.QuantityField(zero=True)
    waited_for = fields.QuantityField(zero=True, metadata={"description": "What those who wait want"})
    free = fields.QuantityField(zero=True, metadata={"description": "Available, and nobody waits for it"})
    expired = fields.QuantityField(zero=True, metadata={"description": "Lies there, and nobody gets it"})
    customer_days = fields.CountField(
        allow_none=True, metadata={"description": "Days that lots must last for the customer who is named"}
    )
    short_dated = fields.QuantityField(
        zero=True, allow_none=True, metadata={"description": "Available, and does not last so long"}
    )
    usable_for_customer = fields.QuantityField(
        zero=True, allow_none=True, metadata={"description": "What of it is free and lasts so long"}
    )
    incoming = fields.ListOf(ArrivalOut, least=0, most=10_000)
    in_production = fields.ListOf(InProductionOut, least=0, most=10_000)
    quantity = fields.QuantityField(metadata={"description": "What was asked for"})
    promised_on = fields.DateField(allow_none=True)
    source = fields.Choice("stock", "incoming", "lead_time", allow_none=True)


@supply_policies.query(
    "/<uuid:item_id>/supply-policy", answer=SupplyPolicyOut, roles=READERS, summary="How an item is supplied"
)
def show_policy(connection: Connection, item_id: str) -> report.PolicyView:
    """Show the policy that applies now."""
    return report.policy_now(connection, item_id, company_today())


@supply_policies.command(
    "PUT",
    "/<uuid:item_id>/supply-policy",
    body=SupplyPolicyIn,
    answer=SupplyPolicyOut,
    roles=BUYERS,
    summary="Say how an item is supplied",
)
def put_policy(tx: Transaction, body: dict[str, Any], item_id: str) -> report.PolicyView:
    """Set the policy from now on; what waiting orders lack is asked for by it at once."""
    set_supply_policy(tx, SetSupplyPolicy(item_id, **body, expected_version=expected_version()))
    return report.policy_now(tx.connection, item_id, company_day(tx.now))


@supplier_prices.command(
    "POST",
    "/<uuid:supplier_id>/prices",
    body=SupplierPriceIn,
    answer=SupplierPriceOut,
    status=201,
    roles=BUYERS,
    summary="Store what a supplier asks",
)
def add_price(tx: Transaction, body: dict[str, Any], supplier_id: str) -> report.PriceView:
    """Store what a supplier asks for an item; older prices stay, for what was ordered by them."""
    valid_from = body["valid_from"] or company_day(tx.now)
    command = AddSupplierPrice(supplier_id, body["item_id"], body["unit_price"], valid_from, body["minimum"])
    return report.price_view(tx.connection, add_supplier_price(tx, command))


@supplier_prices.query(
    "/<uuid:supplier_id>/prices",
    answer=SupplierPriceOut,
    roles=READERS,
    filters=SupplierPriceFilter,
    paged=True,
    summary="List what a supplier asks",
)
def prices(connection: Connection, filters: dict[str, Any], page: PageRequest, supplier_id: str) -> Page:
    """List a supplier's prices in the order in which they were written."""
    after = page.after[0] if page.after else None
    rows = report.list_prices(connection, supplier_id, filters, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@item_suppliers.query(
    "/<uuid:item_id>/supplier-prices",
    answer=OfferOut,
    roles=READERS,
    paged=True,
    summary="List what suppliers ask for an item",
)
def offers(connection: Connection, page: PageRequest, item_id: str) -> Page:
    """List what all suppliers ask and asked for an item, what was written last first."""
    after = page.after[0] if page.after else None
    rows = report.list_offers(connection, item_id, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@purchasing_rules.query("/", answer=PurchasingRulesOut, roles=READERS, summary="The rules for buying")
def show_rules(connection: Connection) -> PurchasingRules:
    """Show the company's rules for buying."""
    return report.rules_now(connection)


@purchasing_rules.command(
    "PUT",
    "/",
    body=PurchasingRulesIn,
    answer=PurchasingRulesOut,
    roles=RULE_SETTERS,
    summary="Set the rules for buying",
)
def put_rules(tx: Transaction, body: dict[str, Any]) -> PurchasingRules:
    """Set the rules from now on; orders that were written keep the tolerance that they were written by."""
    return set_purchasing_rules(tx, SetPurchasingRules(**body, expected_version=expected_version()))


@availability.query(
    "/<uuid:item_id>/availability",
    answer=AvailabilityOut,
    roles=ANY,
    filters=AvailabilityFilter,
    summary="When a quantity can be had",
)
def show_availability(connection: Connection, filters: dict[str, Any], item_id: str) -> AvailabilityView:
    """Show what there is, who waits, what is on its way, and the day on which the quantity can be promised."""
    return availability_of(
        connection, item_id, filters.get("quantity"), company_today(), filters.get("customer_id")
    )
