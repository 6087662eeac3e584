"""Guards that can be taken away, to show that a run notices: each is what one promise of the system rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from libs.common.db import upsert_into
from libs.common.inbox import parking
from libs.common.inbox.tables import inbox
from libs.common.outbox import publish
from libs.common.web.idempotency import Claim
from services.finance.store import accounts
from services.inventory.events import ReservationReleased
from services.inventory.store import stock
from services.inventory.use_cases import release_stock

ACKNOWLEDGEMENT = "acknowledgement"
CONFIRMS = "confirms"

_look_up = parking.look_up


def _forgets(connection: Any, consumer: str, batch: Any) -> parking.Known:
    return parking.Known(frozenset(), _look_up(connection, consumer, batch).held)


def _records_quietly(tx: Any, consumer: str, messages: Any) -> None:
    for message in messages:
        row = {
            "consumer": consumer,
            "event_id": message.id,
            "source": message.source,
            "partition_key": message.partition_key,
            "sequence": message.sequence,
            "type": message.type,
            "received_at": tx.now,
        }
        tx.connection.execute(upsert_into(tx.connection, inbox).values(row).on_conflict_do_nothing())


@contextmanager
def _inbox() -> Iterator[None]:
    """What came before is not recognised; the note of it is still written, so that only the effects can tell."""
    with (
        patch.object(parking, "look_up", _forgets),
        patch.object(parking, "record", _records_quietly),
        patch.object(parking, "handled", lambda *_arguments: set()),
    ):
        yield


@contextmanager
def _tombstone() -> Iterator[None]:
    """A release of what was never asked for leaves no trace."""

    def answer(tx: Any, command: Any) -> None:
        event = ReservationReleased(command.order_id, command.reason, had_effect=False)
        publish(tx, event, correlation_id=command.correlation_id)

    with patch.object(release_stock, "_leave_tombstone", answer):
        yield


@contextmanager
def _stock() -> Iterator[None]:
    """Giving an order up does not free what was reserved for it."""
    with patch.object(stock, "unreserve", lambda *_arguments: True):
        yield


@contextmanager
def _credit() -> Iterator[None]:
    """Everything fits within every limit."""

    def hold(connection: Any, customer_id: str, amount: Any) -> Any:
        return accounts.move(connection, customer_id, held=amount.minor)

    with patch.object(accounts, "hold", hold):
        yield


@contextmanager
def _idempotency() -> Iterator[None]:
    """A request that was sent before counts as new."""
    with (
        patch.object(Claim, "take", lambda *_arguments: None),
        patch.object(Claim, "store", lambda *_arguments: None),
    ):
        yield


@contextmanager
def _nothing_to_patch() -> Iterator[None]:
    """The simulated broker itself does it wrong."""
    yield


GUARDS: dict[str, Callable[[], Any]] = {
    "inbox": _inbox,
    "tombstone": _tombstone,
    "stock": _stock,
    "credit": _credit,
    "idempotency": _idempotency,
    ACKNOWLEDGEMENT: _nothing_to_patch,
    CONFIRMS: _nothing_to_patch,
}

# The weather in which the loss of a guard is soon felt.
AIMED: dict[str, dict[str, Any]] = {
    "tombstone": {"embedded": False, "gives_up": 40, "trouble": 0.0, "faults": 0.0, "cancels": 40},
    "idempotency": {"faults": 0.3},
    ACKNOWLEDGEMENT: {"embedded": False, "faults": 0.3},
    CONFIRMS: {"embedded": False, "trouble": 0.2},
}


@contextmanager
def without(guard: str | None) -> Iterator[None]:
    """Take ``guard`` away while the block runs; none for ``None``."""
    if guard is None:
        yield
        return
    with GUARDS[guard]():
        yield
