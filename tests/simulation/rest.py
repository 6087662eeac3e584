"""The end of a run: faults stop, everything is delivered, deadlines pass, people do their part, and all is checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from random import Random

from libs.common.db import Transaction
from libs.common.inbox import dead
from meridian.topography import SERVICES
from tests.simulation import people, units
from tests.simulation.broker import Broker
from tests.simulation.checks import Violation, all_ended, at_rest, in_time
from tests.simulation.plant import Plant
from tests.simulation.requests import Desk, Request

_ROUNDS = 60
_DAY = 86400
_ALL = 1000
_UNITS = 200
_ADMIN = dead.Order("simulated operator", "the handler is mended")


class Rest:
    """Brings everything to rest, and checks it."""

    def __init__(self, plant: Plant, broker: Broker, desk: Desk, tell: Callable[[str], None]) -> None:
        self.plant, self.broker, self.desk = plant, broker, desk
        self.tell = tell
        self._calm = Random(0)

    def come(self, before: Counter[str], to_the_end: bool) -> None:
        """Check at three moments: when all is delivered, when deadlines have passed, when people are through."""
        for service in SERVICES:
            self.broker.resend(service)
        while (again := self.desk.ask_again(trouble=False)) is not None:
            self.tell(f"     client: {again}")
        self._run_jobs()
        self._settle("after the faults", before)
        for _ in range(2):
            self.plant.advance(16 * _DAY)
            self._run_jobs()
            self._drain()
        for caretaker in self.plant.caretakers.values():
            caretaker.run_due()
        in_time(self.plant)
        if not to_the_end:
            return
        self._people_finish()
        self._settle("when people are through", before)
        all_ended(self.plant)

    def _settle(self, when: str, before: Counter[str]) -> None:
        self._drain()
        self.tell(f"     {when} everything is at rest")
        at_rest(self.plant, self.broker, self.desk, before)

    def _drain(self) -> None:
        """Deliver, retry, wait for what has its time, until nothing is left to do."""
        for _ in range(_ROUNDS):
            if self._deliver_all() or self._retry_parked() or self._wake_the_dead():
                continue
            due = self._next_moment()
            if due is None:
                return
            if due > self.plant.clock.now():
                self.plant.advance((due - self.plant.clock.now()).total_seconds())
        raise Violation("it does not come to rest")

    def _run_jobs(self) -> None:
        self.plant.advance(2)
        for service in SERVICES:
            self.plant.runners[service].run_due()

    def _deliver_all(self) -> int:
        moved = 0
        for service in SERVICES:
            while self.plant.rows(service, "SELECT 1 FROM outbox LIMIT 1"):
                self.broker.relay(service, self._calm, 0.0)
                moved += 1
                if moved > _ALL:
                    raise Violation(f"the outbox of {service} never empties")
                if self.plant.rows(service, "SELECT 1 FROM outbox WHERE next_at IS NOT NULL LIMIT 1"):
                    self.plant.advance(30)
        for service in list(self.broker.busy):
            copies = self.broker.pick(service, self._calm, _ALL)
            self.broker.deliver(service, copies)
            moved += 1
        return moved

    def _parking(self) -> list[str]:
        return [service for service in SERVICES if self.plant.rows(service, "SELECT 1 FROM parked LIMIT 1")]

    def _retry_parked(self) -> int:
        receivers = [self.plant.receivers[service] for service in self._parking()]
        receipts = [receipt for one in receivers for receipt in (one.retry_due(), one.retry_waiting())]
        return sum(receipt.handled + receipt.duplicates for receipt in receipts)

    def _wake_the_dead(self) -> int:
        """Let an operator retry what is dead: what broke it is mended."""
        woken = 0
        for service in self._parking():
            database = self.plant.databases[service]
            for message in database.read(dead.list_parked):
                database.transact(_retry(message.id))
                self.tell(f"     operator: {service} tries {message.type} again, dead of {message.error}")
                woken += 1
        return woken

    def _next_moment(self) -> datetime | None:
        moments = [self.plant.receivers[service].next_due() for service in self._parking()]
        return min((moment for moment in moments if moment is not None), default=None)

    def _people_finish(self) -> None:
        """Receive what is missing, lift every limit, ship, sign for and pay everything."""
        plant = self.plant
        for (item,) in plant.rows("inventory", "SELECT id FROM item WHERE NOT active"):
            self._do(Request("item", "inventory", "PATCH", f"/items/{item}", {"active": True}))
        self._let_go_of_what_expired()
        items = plant.rows("inventory", "SELECT id, lot_tracked, decimals FROM item ORDER BY id")
        many = {item: _UNITS if units.is_kept_by_serial(plant, item) else _ALL for item, *_ in items}
        self._do(people.receipt(plant, [(*item, many[item[0]]) for item in items]))
        for (customer,) in plant.rows("finance", "SELECT customer_id FROM account ORDER BY 1"):
            stop = {"stopped": False}
            self._do(Request("stop", "finance", "PUT", f"/accounts/{customer}/credit-stop", stop))
            limit = {"limit": None}
            self._do(Request("limit", "finance", "PUT", f"/accounts/{customer}/credit-limit", limit))
        self._drain()
        for missing in people.advances(plant):
            self._do(people.advance(plant, *missing))
        self._drain()
        # What leaves in one piece is picked, all of it, before any of it is shipped.
        for (note,) in plant.rows("inventory", "SELECT id FROM delivery WHERE state = 'ready'"):
            body = units.shipment(plant, note)
            self._do(Request("pick", "inventory", "POST", f"/deliveries/{note}/pick", body))
        for (note,) in plant.rows("inventory", "SELECT id FROM delivery WHERE state = 'picked'"):
            body = units.shipment(plant, note)
            self._do(Request("ship", "inventory", "POST", f"/deliveries/{note}/ship", body, {"shipment": 1}))
        self._drain()
        for (note,) in plant.rows("inventory", "SELECT id FROM delivery WHERE state = 'shipped' ORDER BY id"):
            signed = {"signed_by": "Li Wei"}
            self._do(Request("sign", "inventory", "POST", f"/deliveries/{note}/deliver", signed))
        self._drain()
        open_ = "SELECT id, customer_id, open_minor FROM invoice WHERE open_minor > 0 ORDER BY id"
        for invoice, customer, left in plant.rows("finance", open_):
            self._do(people.payment(plant, customer, left, (invoice, left)))

    def _let_go_of_what_expired(self) -> None:
        """Put back what was picked, give lists up, and report short what has expired and cannot be taken back."""
        plant = self.plant
        for (made,) in plant.rows("inventory", "SELECT id FROM pick_list WHERE state = 'open'"):
            self._do(Request("give up list", "inventory", "POST", f"/pick-lists/{made}/cancel"))
        for (note,) in plant.rows("inventory", "SELECT id FROM delivery WHERE state = 'picked'"):
            path = f"/deliveries/{note}/put-back"
            self._do(Request("put back", "inventory", "POST", path, {"reason": "looked at again"}))
        self._run_jobs()
        self._drain()
        for (note,) in plant.rows("inventory", "SELECT id FROM delivery WHERE state = 'ready'"):
            if short := units.expired_parts(plant, note):
                path = f"/deliveries/{note}/pick"
                self._do(Request("report expired", "inventory", "POST", path, {"short": short}))
        self._drain()

    def _do(self, request: Request) -> None:
        outcome, answer = self.desk.send(request, trouble=False)
        if answer is None:
            raise Violation(f"{request.does} {request.path} is refused: {outcome}")


def _retry(message_id: str) -> Callable[[Transaction], None]:
    return lambda tx: dead.retry(tx, message_id, _ADMIN)
