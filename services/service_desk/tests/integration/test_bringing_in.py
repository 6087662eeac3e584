"""Tickets of another system, brought in with the numbers that they had."""

from __future__ import annotations

import pytest

from services.service_desk.domain.errors import TicketNumberTaken
from services.service_desk.domain.ticket import Ticket
from services.service_desk.reports.natural_keys import customers_by_number, tickets_by_number
from services.service_desk.tests.builders import HARBOR, NOW, Desk, open_ticket, registered
from services.service_desk.use_cases.open_ticket import OpenTicket
from services.service_desk.use_cases.open_ticket import open_ticket as open_


def bring_in(desk: Desk, number: str) -> Ticket:
    command = OpenTicket(HARBOR, "technical", "It leaks", "importer", NOW.date(), number=number)
    return desk.database.transact(lambda tx: open_(tx, command))


def test_a_ticket_keeps_the_number_that_it_had_and_the_series_steps_over_it(desk: Desk) -> None:
    desk.hears(registered())
    brought = [bring_in(desk, number) for number in ("H-2025-0001", "T-000002")]
    made = [open_ticket(desk.nancy)["number"] for _ in range(2)]
    assert made == ["T-000001", "T-000003"]
    asked = ["H-2025-0001", "T-000001", "T-000002", "T-000004"]
    numbers = desk.database.read(lambda c: tickets_by_number(c, asked))
    assert set(numbers) == {"H-2025-0001", "T-000001", "T-000002"}
    assert [numbers[ticket.number] for ticket in brought] == [ticket.id for ticket in brought]


def test_a_number_stands_once(desk: Desk) -> None:
    desk.hears(registered())
    bring_in(desk, "H-2025-0001")
    with pytest.raises(TicketNumberTaken):
        bring_in(desk, "H-2025-0001")
    assert len(desk.told()) == 1


def test_customers_by_number(desk: Desk) -> None:
    desk.hears(registered())
    assert desk.database.read(lambda c: customers_by_number(c, ["C-000001", "none"])) == {"C-000001": HARBOR}
