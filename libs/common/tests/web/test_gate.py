"""The bound on requests that are worked on at once."""

from __future__ import annotations

import threading

from libs.common.web.gate import Gate

LONG_S = 10.0


class Caller(threading.Thread):
    """Somebody who waits at the gate."""

    def __init__(self, gate: Gate, *, new: bool) -> None:
        super().__init__(daemon=True)
        self._gate = gate
        self._new = new
        self.entered: bool | None = None
        self.start()

    def run(self) -> None:
        self.entered = self._gate.enter(new=self._new, patience_s=LONG_S)


def waiting(gate: Gate, number: int) -> None:
    until = threading.Event()
    for _ in range(1000):
        if len(gate._begun) + len(gate._new) == number:
            return
        until.wait(0.005)
    raise AssertionError(f"{number} callers should be waiting")


def test_no_more_are_inside_than_it_holds() -> None:
    gate = Gate(2, 0)
    assert gate.enter(new=False, patience_s=0)
    assert gate.enter(new=True, patience_s=0)
    assert not gate.enter(new=False, patience_s=0)
    gate.leave()
    assert gate.enter(new=False, patience_s=0)


def test_who_goes_on_comes_before_who_begins() -> None:
    gate = Gate(1, 5)
    assert gate.enter(new=False, patience_s=0)
    begins = Caller(gate, new=True)
    waiting(gate, 1)
    goes_on = Caller(gate, new=False)
    waiting(gate, 2)
    gate.leave()
    goes_on.join(LONG_S)
    assert (goes_on.entered, begins.entered) == (True, None)
    gate.leave()
    begins.join(LONG_S)
    assert begins.entered is True


def test_impatience_ends_in_a_refusal_and_leaves_no_trace() -> None:
    gate = Gate(1, 5)
    assert gate.enter(new=False, patience_s=0)
    assert not gate.enter(new=True, patience_s=0.01)
    gate.leave()
    assert gate.enter(new=True, patience_s=0)


def test_no_more_wait_than_there_is_room_for() -> None:
    gate = Gate(1, 1)
    assert gate.enter(new=False, patience_s=0)
    first = Caller(gate, new=True)
    waiting(gate, 1)
    assert not gate.enter(new=False, patience_s=LONG_S)
    gate.leave()
    first.join(LONG_S)
    assert first.entered is True


def test_a_crowd_that_begins_leaves_room_for_those_who_go_on() -> None:
    gate = Gate(1, 8)
    assert gate.enter(new=False, patience_s=0)
    crowd = [Caller(gate, new=True) for _ in range(2)]
    waiting(gate, 2)
    assert not gate.enter(new=True, patience_s=LONG_S)
    going_on = [Caller(gate, new=False) for _ in range(6)]
    waiting(gate, 8)
    assert not gate.enter(new=False, patience_s=LONG_S)
    for each in (*going_on, *crowd):
        gate.leave()
        each.join(LONG_S)
    assert [each.entered for each in (*going_on, *crowd)] == [True] * 8
