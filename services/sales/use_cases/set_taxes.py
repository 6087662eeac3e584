"""Set taxes: a code's rate from a day on, how the company's documents are taxed, and who and what bears which code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.errors import VersionMismatch
from services.sales.domain.items import Customer, Item
from services.sales.domain.tax_codes import NothingToTax, TaxRate, TaxSetting, UnknownTaxCode
from services.sales.domain.taxes import TaxRule
from services.sales.store import customers, items, taxes

RATES = "tax_rate"
SETTINGS = "tax_setting"


@dataclass(frozen=True)
class SetRate:
    """A code, and the rate that it has from a day on, in parts per million."""

    code: str
    ppm: int
    name: str
    name_zh: str
    valid_from: date


@dataclass(frozen=True)
class SetTaxes:
    """How documents issued from ``valid_from`` on are taxed."""

    rule: TaxRule
    valid_from: date
    standard_code: str | None = None
    expected_version: int | None = None


def set_rate(tx: Transaction, command: SetRate) -> TaxRate:
    """Give a code, new or not, a rate from a day on; documents keep the rate that they were made with."""
    rate = TaxRate(version=next_number(tx, RATES), **vars(command))
    taxes.add_rate(tx, rate)
    return rate


def set_taxes(tx: Transaction, command: SetTaxes) -> TaxSetting:
    """Make the next version of the setting; who sets it waits for who is setting it, so no version is lost."""
    require_code(tx, command.standard_code, "standard_code")
    version = next_number(tx, SETTINGS)
    before = version - 1
    if command.expected_version not in (None, before):
        raise VersionMismatch(
            f"the tax setting is at version {before}", cure="read it again and repeat the change"
        )
    setting = TaxSetting(version, command.valid_from, command.rule, command.standard_code)
    taxes.add_setting(tx, setting)
    return setting


def set_item_tax(tx: Transaction, item_id: str, code: str | None) -> Item:
    """Let an item bear ``code``; ``None``: the company's standard one."""
    require_code(tx, code, "tax_code")
    item = items.set_tax_code(tx.connection, item_id, code, tx.now)
    if item is None:
        raise NothingToTax(f"there is no item {item_id}")
    return item


def set_customer_tax(tx: Transaction, customer_id: str, code: str | None) -> Customer:
    """Let a customer bear ``code`` whatever he buys, as an exemption does; ``None``: what the items bear."""
    require_code(tx, code, "tax_code")
    customer = customers.set_tax_code(tx.connection, customer_id, code, tx.now)
    if customer is None:
        raise NothingToTax(f"there is no customer {customer_id}")
    return customer


def require_code(tx: Transaction, code: str | None, field: str) -> None:
    """Refuse a code that was never given a rate, naming the field."""
    if code is not None and not taxes.is_code(tx.connection, code):
        raise UnknownTaxCode(f"there is no tax code {code}", field=field)
