"""Whose customer a new one becomes."""

from __future__ import annotations

from dataclasses import dataclass

from services.crm.domain.errors import OwnerNotAllowed


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
