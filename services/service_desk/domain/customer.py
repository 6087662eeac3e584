"""What the desk knows of a customer, and who may see what is the customer's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Customer:
    """The fields of a customer that the desk reads; ``owner_id`` is the salesperson, ``group_name`` its group."""

    id: str
    number: str
    name: str
    owner_id: str | None = None
    group_name: str | None = None


def is_visible(customer: Customer | None, only_owner: str | None) -> bool:
    """Tell whether the caller may know of the customer.

    ``only_owner`` is the subject of a caller who sees only customers of their own; ``None`` sees all.
    """
    return customer is not None and (only_owner is None or customer.owner_id == only_owner)
