"""Two small services that talk to each other: a shop that sells and a store room that counts."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Column, Integer, MetaData, String, Table, select

from libs.common.db import Database, Transaction
from libs.common.envelope import Message, command, event
from libs.common.errors import Later
from libs.common.inbox import Subscriptions
from libs.common.outbox import publish, send


@event("shop.sale.made.v1", key="sale_id")
@dataclass(frozen=True)
class SaleMade:
    sale_id: str
    n: int


@command("room.count_stock.v1", key="sale_id")
@dataclass(frozen=True)
class CountStock:
    sale_id: str


@event("room.stock.counted.v1", key="sale_id")
@dataclass(frozen=True)
class StockCounted:
    sale_id: str


metadata = MetaData()
effects = Table(
    "effects",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("sale_id", String(64), nullable=False),
    Column("n", Integer, nullable=False),
)


def create_effects(database: Database) -> Database:
    """Add the table that the handlers write to, so that a doubled effect can be seen."""
    database.transact(lambda tx: metadata.create_all(tx.connection))
    return database


def effects_of(database: Database) -> list[tuple[str, int]]:
    """Return every effect in the order in which it was committed."""
    query = select(effects.c.sale_id, effects.c.n).order_by(effects.c.position)
    return [(row.sale_id, row.n) for row in database.read(lambda c: c.execute(query).all())]


@dataclass
class Room:
    """The store room's handlers, with switches for what shall go wrong."""

    poison: set[tuple[str, int]] = field(default_factory=set)
    missing: set[tuple[str, int]] = field(default_factory=set)
    calls: list[tuple[str, int]] = field(default_factory=list)

    def subscriptions(self) -> Subscriptions:
        """Return the store room's subscriptions."""
        subscriptions = Subscriptions("room")

        @subscriptions.on("shop.sale.made.v1", SaleMade)
        def sale_made(tx: Transaction, sale: SaleMade, message: Message) -> None:
            self.calls.append((sale.sale_id, sale.n))
            add_effect(tx, sale.sale_id, sale.n)
            if (sale.sale_id, sale.n) in self.poison:
                raise ValueError("poison")
            if (sale.sale_id, sale.n) in self.missing:
                raise Later("the item is not known yet")

        @subscriptions.on("room.count_stock.v1", CountStock)
        def count_stock(tx: Transaction, order: CountStock, message: Message) -> None:
            publish(tx, StockCounted(order.sale_id))

        return subscriptions


def shop_subscriptions() -> Subscriptions:
    """Return the shop's subscriptions: it notes what was counted."""
    subscriptions = Subscriptions("shop")

    @subscriptions.on("room.stock.counted.v1", StockCounted)
    def counted(tx: Transaction, fact: StockCounted, message: Message) -> None:
        add_effect(tx, fact.sale_id, 0)

    return subscriptions


def add_effect(tx: Transaction, sale_id: str, n: int) -> None:
    """Do something that shows when it is done twice."""
    tx.connection.execute(effects.insert().values(sale_id=sale_id, n=n))


def sell(database: Database, sale_id: str, *numbers: int) -> None:
    """Publish one sale per number, all in one transaction."""

    def work(tx: Transaction) -> None:
        for n in numbers:
            publish(tx, SaleMade(sale_id, n))

    database.transact(work)


def order_count(database: Database, sale_id: str) -> None:
    """Send the command to count."""
    database.transact(lambda tx: send(tx, CountStock(sale_id), correlation_id=sale_id))
