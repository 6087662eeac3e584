"""Taxes over HTTP: the codes with their rates, the company's setting, and what bears which code."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Strict, expected_version, fields
from services.sales.api.company import company_day
from services.sales.api.lines import TAX_PRICES, TAX_ROUNDING
from services.sales.api.who import READERS, TAXERS, only_owner
from services.sales.domain.items import Customer, Item
from services.sales.domain.tax_codes import CODE, TaxRate, TaxSetting
from services.sales.domain.taxes import TaxRule, ppm_of
from services.sales.reports import taxes as reports
from services.sales.use_cases.set_taxes import (
    SetRate,
    SetTaxes,
    set_customer_tax,
    set_item_tax,
    set_rate,
    set_taxes,
)

tax_codes = Noun("tax_codes", "/api/v1/tax-codes", description="Tax codes, and their rates from a day on")
tax_settings = Noun(
    "tax_settings", "/api/v1/tax-settings", description="How the company's documents are taxed"
)
tax_assignments = Noun(
    "tax_assignments", "/api/v1/tax-assignments", description="Which items and customers bear which tax code"
)


class RateIn(Strict):
    """A code, new or not, and the rate that it has from a day on; of two of one day the later one counts."""

    code = fields.Text(max=20, pattern=CODE, required=True)
    percent = fields.PercentField(decimals=4, required=True)
    name = fields.Text(max=120, required=True)
    name_zh = fields.Text(max=120, metadata={"description": "In Chinese; left out: the same."})
    valid_from = fields.DateField(metadata={"description": "The first day; left out: today."})


class RateOut(Strict):
    """A rate of a code; version 0 came with the system."""

    code = fields.Text(max=20)
    version = fields.CountField()
    percent = fields.PercentField(decimals=4)
    name = fields.Text(max=120)
    name_zh = fields.Text(max=120)
    valid_from = fields.DateField()


class RatesOut(Strict):
    """Every rate that was ever set, by code, the latest first."""

    rates = fields.ListOf(RateOut)


class SettingIn(Strict):
    """How documents issued from a day on are taxed; earlier ones keep the rule that they were made by."""

    prices = fields.Choice(
        *TAX_PRICES, required=True, metadata={"description": "Whether prices contain the tax."}
    )
    rounding = fields.Choice(
        *TAX_ROUNDING,
        required=True,
        metadata={"description": "What is rounded half up: each line's tax, or the document's per rate."},
    )
    standard_code = fields.Text(
        max=20,
        pattern=CODE,
        allow_none=True,
        metadata={"description": "For items without a code; left out or null: they bear no tax."},
    )
    valid_from = fields.DateField(metadata={"description": "The first day of issue; left out: today."})


class SettingOut(Strict):
    """A version of the setting; version 0: none was ever made, and nothing is taxed."""

    version = fields.CountField()
    prices = fields.Choice(*TAX_PRICES)
    rounding = fields.Choice(*TAX_ROUNDING)
    standard_code = fields.Text(max=20, allow_none=True)
    valid_from = fields.DateField(allow_none=True)


class SettingsOut(Strict):
    """Every version of the setting, the last one first."""

    settings = fields.ListOf(SettingOut, least=0)


class AssignmentIn(Strict):
    """The code to bear; null: what else applies."""

    tax_code = fields.Text(max=20, pattern=CODE, required=True, allow_none=True)


class ItemTaxOut(Strict):
    """An item and the code that it bears; null: the company's standard one."""

    id = fields.IdField()
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    tax_code = fields.Text(max=20, allow_none=True)


class CustomerTaxOut(Strict):
    """A customer and the code that he bears whatever he buys; null: what the items bear."""

    id = fields.IdField()
    number = fields.Text(max=64)
    name = fields.Text(max=200)
    tax_code = fields.Text(max=20, allow_none=True)


@tax_codes.command(
    "POST", "/", body=RateIn, answer=RateOut, status=201, roles=TAXERS, summary="Give a tax code a rate"
)
def rate(tx: Transaction, body: dict[str, Any]) -> TaxRate:
    """Give a code a rate from a day on; documents keep the rate that they were made with."""
    command = SetRate(
        code=body["code"],
        ppm=ppm_of(body["percent"]),
        name=body["name"],
        name_zh=body.get("name_zh", body["name"]),
        valid_from=body.get("valid_from") or company_day(),
    )
    return set_rate(tx, command)


@tax_codes.query("/", answer=RatesOut, roles=READERS, summary="All tax codes and their rates")
def codes(connection: Connection) -> dict[str, list[TaxRate]]:
    """Show every rate that was ever set."""
    return {"rates": reports.every_rate(connection)}


@tax_settings.command(
    "PUT", "/", body=SettingIn, answer=SettingOut, roles=TAXERS, summary="Set how documents are taxed"
)
def put(tx: Transaction, body: dict[str, Any]) -> TaxSetting:
    """Make the next version of the setting."""
    rule = TaxRule(body["prices"], body["rounding"])
    since = body.get("valid_from") or company_day()
    return set_taxes(tx, SetTaxes(rule, since, body.get("standard_code"), expected_version()))


@tax_settings.query("/", answer=SettingOut, roles=READERS, summary="How documents are taxed")
def last(connection: Connection) -> TaxSetting:
    """Show the setting that was made last."""
    return reports.last_setting(connection)


@tax_settings.query("/history", answer=SettingsOut, roles=READERS, summary="Every version of the setting")
def history(connection: Connection) -> dict[str, list[TaxSetting]]:
    """Show how documents were taxed from which day on."""
    return {"settings": reports.every_setting(connection)}


@tax_assignments.query(
    "/items/<uuid:item_id>", answer=ItemTaxOut, roles=READERS, summary="Which tax an item bears"
)
def item(connection: Connection, item_id: str) -> Item:
    """Show the code of an item."""
    return reports.taxed_item(connection, item_id)


@tax_assignments.command(
    "PUT",
    "/items/<uuid:item_id>",
    body=AssignmentIn,
    answer=ItemTaxOut,
    roles=TAXERS,
    summary="Set which tax an item bears",
)
def put_item(tx: Transaction, body: dict[str, Any], item_id: str) -> Item:
    """Let an item bear a code from now on."""
    return set_item_tax(tx, item_id, body["tax_code"])


@tax_assignments.query(
    "/customers/<uuid:customer_id>",
    answer=CustomerTaxOut,
    roles=READERS,
    summary="Which tax a customer bears",
)
def customer(connection: Connection, customer_id: str) -> Customer:
    """Show the code of a customer, in place of the items' own."""
    return reports.taxed_customer(connection, customer_id, only_owner=only_owner())


@tax_assignments.command(
    "PUT",
    "/customers/<uuid:customer_id>",
    body=AssignmentIn,
    answer=CustomerTaxOut,
    roles=TAXERS,
    summary="Set which tax a customer bears",
)
def put_customer(tx: Transaction, body: dict[str, Any], customer_id: str) -> Customer:
    """Let a customer bear a code whatever he buys, as an exemption does."""
    return set_customer_tax(tx, customer_id, body["tax_code"])
