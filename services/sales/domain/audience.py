"""For whom prices and promotions are, and which of several that fit is the most specific.

Each names any of: one customer, a group of customers, a sales channel, a region; what it does not name, it leaves
open. Between two that fit the one wins that names the customer; else the one that names the group; else the
channel; else the region. One that names none of them is for all, and gives way to every other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Stranger = Literal["other_customer", "other_group", "other_channel", "other_region"]


class Aimed(Protocol):
    """What says for whom it is, or whom it is about; ``None`` is anybody, or nothing known."""

    @property
    def customer_id(self) -> str | None:
        """One customer."""

    @property
    def customer_group(self) -> str | None:
        """A group of customers, as crm calls it."""

    @property
    def channel(self) -> str | None:
        """The way by which the customer buys, as the quotation says."""

    @property
    def region(self) -> str | None:
        """Where the customer is, as crm calls it."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """A customer as prices see him, on one document."""

    customer_id: str
    customer_group: str | None = None
    channel: str | None = None
    region: str | None = None


def stranger(aimed: Aimed, to: Aimed) -> Stranger | None:
    """Return in what ``aimed`` is for another than the one it is held ``to``; ``None`` when it is for him."""
    if aimed.customer_id not in (None, to.customer_id):
        return "other_customer"
    if aimed.customer_group not in (None, to.customer_group):
        return "other_group"
    if aimed.channel not in (None, to.channel):
        return "other_channel"
    return "other_region" if aimed.region not in (None, to.region) else None


def specificity(aimed: Aimed) -> tuple[bool, bool, bool, bool]:
    """Return what is compared between two that fit; the higher is the more specific."""
    return (
        aimed.customer_id is not None,
        aimed.customer_group is not None,
        aimed.channel is not None,
        aimed.region is not None,
    )


def is_for_all(aimed: Aimed) -> bool:
    """Tell whether nobody is named."""
    return not any(specificity(aimed))
