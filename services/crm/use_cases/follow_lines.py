"""Follow the lines of every order: what customers bought, less what never left and what came back."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.quantity import Quantity
from services.crm.domain.followed_line import Back, Line
from services.crm.store import bought


def note_line(tx: Transaction, line: Line) -> None:
    """Note what an order line says, for the first time or since it was changed."""
    bought.agreed(tx, line)


def note_given_up(tx: Transaction, order_id: str, order_line_id: str, quantity: Quantity) -> None:
    """Note that a part of a line will never leave."""
    bought.given_up(tx, order_id, order_line_id, quantity.milli)


def note_nothing_left(tx: Transaction, order_id: str) -> None:
    """Note that an order is off: nothing of it was bought."""
    bought.off(tx, order_id)


def note_return(tx: Transaction, back: Back) -> None:
    """Note what came back of a line."""
    bought.came_back(tx, back)
