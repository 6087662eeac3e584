"""Whose customer a new one becomes, and who may say by which prices it buys."""

from __future__ import annotations

from dataclasses import dataclass

from services.crm.domain.customer import Customer
from services.crm.domain.errors import OwnerNotAllowed, PricingNotAllowed

DECIDES_PRICES = ("group", "region")


@dataclass(frozen=True)
class Registrar:
    """Who registers a customer; ``assigns`` is whether they may give customers to others, as managers do."""

    subject: str
    assigns: bool


def owner_of_new(registrar: Registrar, wanted: str | None) -> str | None:
    """Return the owner of a new customer when ``wanted`` is asked for (``None``: nobody was named).

    A salesperson's customer is their own; whoever assigns may name anybody, or leave it without an owner.
    """
    if registrar.assigns:
        return wanted
    if wanted not in (None, registrar.subject):
        raise OwnerNotAllowed(
            "you may only register customers of your own",
            field="owner_id",
            cure="leave owner_id out, or ask a sales manager to assign the customer",
        )
    return registrar.subject


def check_pricing(registrar: Registrar, before: Customer | None, after: Customer) -> None:
    """Refuse another group or region than ``before`` (a new customer: than none) by somebody who does not assign.

    Both decide what the customer pays: a salesperson could give away what only a manager may.
    """
    for field in DECIDES_PRICES:
        if not registrar.assigns and getattr(after, field) != getattr(before, field, None):
            raise PricingNotAllowed(f"the {field} of a customer decides its prices", field=field)
