"""Customers and the people to talk to there."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from libs.common.money import currencies
from services.crm.domain.errors import CustomerNotFound, UnknownCurrency
from services.crm.domain.sight import Owners, within

KEY_LENGTH = 100
NUMBER_DIGITS = 6
DOCUMENT = "customer"
CHANGEABLE = frozenset({"name", "country", "city", "address", "phone", "email", "active", "group", "region"})


@dataclass(frozen=True)
class Customer:
    """A company that buys, or once did.

    ``owner_id`` is the salesperson (a user's subject), ``None`` while nobody has it. Number and currency stay
    for ever, because the documents of other services carry them. ``group`` and ``region`` are words of the house by
    which prices are made ("wholesale", "north"); a customer without one pays what everybody does. ``fields`` is what
    it says of the company's own form, last filled in by ``form_version`` of that.
    """

    id: str
    number: str
    name: str
    owner_id: str | None
    currency: str
    country: str | None = None
    city: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    active: bool = True
    group: str | None = None
    region: str | None = None
    version: int = 1
    fields: Mapping[str, str] = field(default_factory=dict)
    form_version: int = 0


@dataclass(frozen=True)
class Contact:
    """A person to talk to at a customer; ``role`` is what they are there, in free words."""

    id: str
    customer_id: str
    name: str
    email: str | None = None
    phone: str | None = None
    role: str | None = None


def series_number(count: int) -> str:
    """Return the ``count``-th number of the house's own series: C-000001, C-000002 ..."""
    return f"C-{count:0{NUMBER_DIGITS}d}"


def search_key(text: str) -> str:
    """Return ``text`` as it is compared when searched: without case, accents and width, at most 100 characters.

    So "mexico" finds "México"; the length is bounded because the key lies in an index.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")
    return unicodedata.normalize("NFKC", bare.casefold())[:KEY_LENGTH]


def require_currency(currency: str) -> str:
    """Return ``currency``; refuse what is not an ISO 4217 code."""
    if currency not in currencies():
        raise UnknownCurrency(
            f"there is no currency {currency}", field="currency", cure="send an ISO 4217 code such as USD"
        )
    return currency


def with_changes(customer: Customer, changes: Mapping[str, str | bool | None]) -> Customer:
    """Return the customer with ``changes`` to what may change about it; a field that is left out stays."""
    unknown = sorted(set(changes) - CHANGEABLE)
    if unknown:
        raise ValueError(f"these never change: {', '.join(unknown)}")
    changed: Customer = replace(customer, **changes)  # type: ignore[arg-type]
    return changed


def visible_to(customer: Customer | None, owners: Owners) -> Customer:
    """Return the customer if the caller may know of it, else refuse as if there were none.

    ``owners`` are the salespeople whose customers the caller sees; ``None`` sees all.
    """
    if customer is None or not within(customer.owner_id, owners):
        raise CustomerNotFound("there is no such customer", field="customer_id", cure="list the customers")
    return customer
