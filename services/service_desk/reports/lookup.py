"""A customer by name, with everything that whoever picks up the telephone wants to see at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, or_, select

from services.service_desk.domain.customer import Customer
from services.service_desk.domain.errors import ItemNotFound
from services.service_desk.domain.warranty import Cover, Term, cover_on, warranty_until
from services.service_desk.reports.installed_items import InstalledRow, InstalledSearch, list_installed_items
from services.service_desk.reports.tickets import TicketRow, TicketSearch, list_tickets
from services.service_desk.store import items, warranties
from services.service_desk.store.tables import customer
from services.service_desk.store.teams import SIGHT

MOST_CUSTOMERS = 10
MOST_PURCHASES = 50
MOST_TICKETS = 20
_ESCAPE = "\\"


@dataclass(frozen=True)
class Purchase(InstalledRow):
    """A shipped line with its warranty; ``warranty`` is none where nothing was promised."""

    warranty_until: date | None = None
    warranty: Cover = "none"

    @property
    def held(self) -> object:
        """How much of it the customer still has."""
        return self.quantity - self.returned


@dataclass(frozen=True)
class LookedUp:
    """A customer with the latest purchases and tickets."""

    customer_id: str
    customer_number: str
    customer_name: str
    owner_id: str | None
    purchases: list[Purchase]
    tickets: list[TicketRow]


def look_up(connection: Connection, words: str, *, today: date, only_owner: str | None) -> list[LookedUp]:
    """Return the customers whose name holds ``words``, or whose number it is, the closest name first."""
    return [
        LookedUp(
            customer_id=each.id,
            customer_number=each.number,
            customer_name=each.name,
            owner_id=each.owner_id,
            purchases=_purchases(connection, each.id, today),
            tickets=list_tickets(
                connection, TicketSearch(customer_id=each.id), after=None, limit=MOST_TICKETS
            ),
        )
        for each in _customers(connection, words, only_owner)
    ]


def _customers(connection: Connection, words: str, only_owner: str | None) -> list[Customer]:
    this = customer.c
    pattern = "".join(_ESCAPE + letter if letter in "%_\\" else letter for letter in words.lower())
    named = func.lower(this.name).like(f"%{pattern}%", escape=_ESCAPE)
    query = select(this.id, this.number, this.name, this.owner_id).where(or_(named, this.number == words))
    if only_owner is not None:
        query = query.where(SIGHT.holds(this.owner_id, only_owner))
    rows = connection.execute(
        query.order_by(func.length(this.name), this.name, this.id).limit(MOST_CUSTOMERS)
    )
    return [Customer(**row._asdict()) for row in rows]


def _purchases(connection: Connection, customer_id: str, today: date) -> list[Purchase]:
    wanted = InstalledSearch(customer_id=customer_id)
    rows = list_installed_items(connection, wanted, after=None, limit=MOST_PURCHASES)
    return with_warranty(rows, warranties.of_items(connection, {row.item_id for row in rows}), today)


def with_warranty(
    rows: Sequence[InstalledRow], terms: Mapping[str, Sequence[Term]], today: date
) -> list[Purchase]:
    """Return shipped lines with their warranty as of a day."""
    found = []
    for row in rows:
        until = warranty_until(row.shipped_on, terms.get(row.item_id, ()))
        found.append(Purchase(**vars(row), warranty_until=until, warranty=cover_on(today, until)))
    return found


def terms_of(connection: Connection, item_id: str) -> list[Term]:
    """Return for how long an item is under warranty, in the order of the days from which each term holds."""
    if items.find(connection, item_id) is None:
        raise ItemNotFound("there is no such item", field="item_id")
    return warranties.of_items(connection, [item_id]).get(item_id, [])
