"""The life of a ticket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import get_args

import pytest

from services.service_desk.domain import ticket as life
from services.service_desk.domain.dates import day_of
from services.service_desk.domain.errors import DateInFuture, ResolvedBeforeOpened, TicketStateRefuses
from services.service_desk.domain.ticket import MOVES, RESOLVED, STATES, UNRESOLVED, Act, State, Ticket
from services.service_desk.tests.builders import NOW, a_ticket

TODAY = NOW.date()
ACTS: dict[Act, Callable[[Ticket], Ticket]] = {
    "take": lambda ticket: life.take(ticket, "sergei"),
    "wait": life.wait,
    "resolve": lambda ticket: life.resolve(ticket, "New seal", TODAY, NOW),
    "reopen": life.reopen,
    "close": lambda ticket: life.close(ticket, NOW),
}
ALLOWED: dict[State, dict[Act, State]] = {
    "new": {"take": "open", "wait": "pending", "resolve": "resolved"},
    "open": {"take": "open", "wait": "pending", "resolve": "resolved"},
    "pending": {"take": "open", "resolve": "resolved"},
    "resolved": {"reopen": "open", "close": "closed"},
    "closed": {},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", list(MOVES))
def test_every_act_in_every_state(state: State, act: Act) -> None:
    ticket = a_ticket(state=state)
    if act in ALLOWED[state]:
        assert ACTS[act](ticket).state == ALLOWED[state][act]
        return
    with pytest.raises(TicketStateRefuses) as refusal:
        ACTS[act](ticket)
    assert refusal.value.figures == {"state": state}


def test_the_tables_name_every_state_and_act() -> None:
    assert set(STATES) == set(get_args(State)) == UNRESOLVED | RESOLVED
    assert set(MOVES) == set(get_args(Act))


def test_taking_makes_it_ones_own() -> None:
    assert life.take(a_ticket(assignee_id="anna"), "sergei").assignee_id == "sergei"


def test_resolving_keeps_the_answer_and_reopening_drops_it() -> None:
    resolved = life.resolve(a_ticket(), "New seal", TODAY, NOW)
    assert (resolved.resolution, resolved.resolved_on, resolved.resolved_at) == ("New seal", TODAY, NOW)
    reopened = life.reopen(resolved)
    assert (reopened.resolution, reopened.resolved_on, reopened.resolved_at) == (None, None, None)


def test_nothing_is_resolved_before_it_was_opened() -> None:
    with pytest.raises(ResolvedBeforeOpened) as refusal:
        life.resolve(a_ticket(), "New seal", TODAY - timedelta(days=1), NOW)
    assert refusal.value.field == "resolved_on"


@pytest.mark.parametrize(("count", "number"), [(1, "T-000001"), (1_234_567, "T-1234567")])
def test_numbers(count: int, number: str) -> None:
    assert life.ticket_number(count) == number


def test_days_may_lie_in_the_past_but_not_after_tomorrow() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert day_of(None, TODAY, "opened_on") == TODAY
    assert day_of(date(1996, 7, 4), TODAY, "opened_on") == date(1996, 7, 4)
    assert day_of(tomorrow, TODAY, "opened_on") == tomorrow
    with pytest.raises(DateInFuture) as refusal:
        day_of(tomorrow + timedelta(days=1), TODAY, "opened_on")
    assert refusal.value.field == "opened_on"
