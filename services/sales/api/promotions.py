"""Promotions over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields, principal
from services.sales.api.who import PRICERS, SELLERS, only_owner
from services.sales.domain.amounts import basis_points, percent
from services.sales.domain.gifts import AmountOff, Bundle, FreeUnits, Gift, Part, PercentOff
from services.sales.domain.promotion import Promotion
from services.sales.domain.promotion_errors import GiftNotOne
from services.sales.reports import promotions as reports
from services.sales.reports.promotions import PromotionSearch, PromotionUse
from services.sales.use_cases.define_promotion import define_promotion

COUPON = r"[A-Z0-9][A-Z0-9-]{2,39}"
GIFTS = ("percent_off", "amount_off", "free_units", "bundle")
_TERMS = ("items", "min_quantity", "amount", "buy", "free", "parts")
_ITEMS = {"description": "Which items; none: whatever is on the document."}

promotions = Noun(
    "promotions",
    "/api/v1/promotions",
    description="What is taken off a document: for whom, when, with what coupon",
)


class PercentOffIn(Strict):
    """A percentage off each line of these items, from a quantity on."""

    percent = fields.PercentField(required=True)
    items = fields.ListOf(fields.IdField(), least=0, metadata=_ITEMS)
    min_quantity = fields.QuantityField()


class AmountOffIn(Strict):
    """An amount off each line of these items, from a quantity on, but never more than it costs."""

    amount = fields.MoneyField(required=True)
    items = fields.ListOf(fields.IdField(), least=0, metadata=_ITEMS)
    min_quantity = fields.QuantityField()


class FreeUnitsIn(Strict):
    """Of every ``buy`` and ``free`` units on a line the ``free`` ones cost nothing: buy two, get one."""

    buy = fields.QuantityField(required=True)
    free = fields.QuantityField(required=True)
    items = fields.ListOf(fields.IdField(), least=0, metadata=_ITEMS)


class BundlePartIn(Strict):
    """How much of an item belongs to a set."""

    item_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)


class BundleIn(Strict):
    """A percentage off whole sets, as many as stand on the document."""

    percent = fields.PercentField(required=True)
    parts = fields.ListOf(BundlePartIn, least=2, most=20, required=True)


class PromotionIn(Strict):
    """A new promotion, or the next revision of the one of this name, whose place it takes; it gives one thing."""

    name = fields.Text(max=120, required=True)
    currency = fields.CurrencyField(required=True)
    customer_id = fields.IdField(
        allow_none=True, metadata={"description": "Left out or null: for all customers."}
    )
    customer_group = fields.Text(max=40, allow_none=True)
    channel = fields.Text(max=40, allow_none=True)
    region = fields.Text(max=40, allow_none=True)
    valid_from = fields.DateField(allow_none=True, metadata={"description": "First day; null: always was."})
    valid_until = fields.DateField(allow_none=True, metadata={"description": "Last day; null: no end."})
    priority = fields.CountField(
        most=1000, metadata={"description": "The highest is tried first; left out: 0."}
    )
    exclusive = fields.Flag(metadata={"description": "Not beside another promotion on the same line."})
    coupon = fields.Text(
        max=40, pattern=COUPON, allow_none=True, metadata={"description": "Only for documents that bear it."}
    )
    max_uses = fields.CountField(
        least=1, allow_none=True, metadata={"description": "How many orders may use the coupon; null: any."}
    )
    percent_off = fields.Nested(PercentOffIn, allow_none=True)
    amount_off = fields.Nested(AmountOffIn, allow_none=True)
    free_units = fields.Nested(FreeUnitsIn, allow_none=True)
    bundle = fields.Nested(BundleIn, allow_none=True)


class PercentOffOut(Strict):
    """A percentage off each line."""

    percent = fields.PercentField()
    items = fields.ListOf(fields.IdField(), least=0)
    min_quantity = fields.QuantityField()


class AmountOffOut(Strict):
    """An amount off each line."""

    amount = fields.MoneyField()
    items = fields.ListOf(fields.IdField(), least=0)
    min_quantity = fields.QuantityField()


class FreeUnitsOut(Strict):
    """Units for nothing."""

    buy = fields.QuantityField()
    free = fields.QuantityField()
    items = fields.ListOf(fields.IdField(), least=0)


class BundlePartOut(Strict):
    """How much of an item belongs to a set."""

    item_id = fields.IdField()
    quantity = fields.QuantityField()


class BundleOut(Strict):
    """A percentage off whole sets."""

    percent = fields.PercentField()
    parts = fields.ListOf(BundlePartOut)


class PromotionOut(Strict):
    """A promotion; of the four things that it can give, ``kind`` is not null."""

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
    priority = fields.CountField()
    exclusive = fields.Flag()
    coupon = fields.Text(max=40, allow_none=True)
    max_uses = fields.CountField(least=1, allow_none=True)
    used = fields.CountField(allow_none=True, metadata={"description": "How many orders use the coupon."})
    kind = fields.Choice(*GIFTS)
    percent_off = fields.Nested(PercentOffOut, allow_none=True)
    amount_off = fields.Nested(AmountOffOut, allow_none=True)
    free_units = fields.Nested(FreeUnitsOut, allow_none=True)
    bundle = fields.Nested(BundleOut, allow_none=True)
    superseded_by = fields.IdField(allow_none=True)
    version = fields.CountField(least=1)


class PromotionFilter(Strict):
    """What to look for."""

    name = fields.Text(max=120)
    customer_id = fields.IdField()
    customer_group = fields.Text(max=40)
    channel = fields.Text(max=40)
    region = fields.Text(max=40)
    coupon = fields.Text(max=40)
    superseded = fields.Flag(metadata={"description": "Show superseded revisions too."})


@promotions.command(
    "POST",
    "/",
    body=PromotionIn,
    answer=PromotionOut,
    status=201,
    roles=PRICERS,
    location="/api/v1/promotions/{id}",
    summary="Define a promotion",
)
def define(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Define a promotion; it is tried on quotations that are issued from now on."""
    named = {name: body.pop(name, None) for name in GIFTS}
    given = {name: terms for name, terms in named.items() if terms is not None}
    if len(given) != 1:
        raise GiftNotOne("a promotion gives one thing", field="percent_off")
    ((kind, terms),) = given.items()
    wanted = Promotion(id="", revision=0, gift=_gift(kind, terms), **body)
    made = define_promotion(tx, wanted, principal().subject)
    return _shown(reports.with_uses(tx.connection, [made])[0])


def _gift(kind: str, terms: dict[str, Any]) -> Gift:
    if kind == "bundle":
        return Bundle(basis_points(terms["percent"]), tuple(Part(**part) for part in terms["parts"]))
    terms["items"] = tuple(terms.get("items", ()))
    if kind == "percent_off":
        return PercentOff(basis_points(terms.pop("percent")), **terms)
    return AmountOff(**terms) if kind == "amount_off" else FreeUnits(**terms)


def _shown(found: PromotionUse) -> dict[str, Any]:
    gift = found.promotion.gift
    terms = {name: getattr(gift, name) for name in _TERMS if hasattr(gift, name)}
    if isinstance(gift, PercentOff | Bundle):
        terms["percent"] = percent(gift.percent_bp)
    return {**vars(found.promotion), "used": found.used, "kind": gift.kind} | {
        kind: terms if kind == gift.kind else None for kind in GIFTS
    }


@promotions.query(
    "/", answer=PromotionOut, roles=SELLERS, filters=PromotionFilter, paged=True, summary="Find promotions"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List promotions, the latest first."""
    wanted = PromotionSearch(only_owner=only_owner(), **filters)
    rows = reports.list_promotions(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of([_shown(row) for row in rows], page, key=lambda row: (row["id"],))


@promotions.query("/<uuid:promotion_id>", answer=PromotionOut, roles=SELLERS, summary="Look at a promotion")
def show(connection: Connection, promotion_id: str) -> dict[str, Any]:
    """Show a promotion and how often its coupon was used."""
    return _shown(reports.one_promotion(connection, promotion_id, only_owner=only_owner()))
