"""Looking at taxes: the rates of every code, the company's settings, and what bears which code."""

from __future__ import annotations

from sqlalchemy import Connection

from services.sales.domain.items import Customer, Item
from services.sales.domain.tax_codes import NothingToTax, TaxRate, TaxSetting
from services.sales.store import customers, items, taxes


def every_rate(connection: Connection) -> list[TaxRate]:
    """Return every rate that was ever set, by code, the latest first."""
    return taxes.rates(connection)


def last_setting(connection: Connection) -> TaxSetting:
    """Return the setting that was made last; version 0 where none was."""
    return taxes.latest_setting(connection)


def every_setting(connection: Connection) -> list[TaxSetting]:
    """Return every setting that was ever made, the last one first."""
    return taxes.settings(connection)


def taxed_item(connection: Connection, item_id: str) -> Item:
    """Return an item with the code that it bears."""
    found = items.known(connection, [item_id]).get(item_id)
    if found is None:
        raise NothingToTax(f"there is no item {item_id}")
    return found


def taxed_customer(connection: Connection, customer_id: str, *, only_owner: str | None) -> Customer:
    """Return a customer with the code that he bears; refuse one whom the caller may not know of."""
    found = customers.find_shown(connection, customer_id, only_owner)
    if found is None:
        raise NothingToTax(f"there is no customer {customer_id}")
    return found
