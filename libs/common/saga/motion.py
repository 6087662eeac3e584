"""One saga in motion, inside one transaction: step forward, turn round, step back, ask again, meet a deadline."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from libs.common.db import Transaction
from libs.common.outbox import send
from libs.common.saga.definition import Await, Pivot, Reply, Saga, Step, fits
from libs.common.saga.instance import Direction, Instance, LoggedStep, State, Status, add_line, change_line

log = logging.getLogger(__name__)
LONGEST_BACKOFF = timedelta(hours=1)
_DOUBLINGS = 16
Talking = Step | Await


def backoff(first: timedelta, attempts: int) -> timedelta:
    """Return how long to wait for an answer after ``attempts`` asks: doubling from ``first``, an hour at most."""
    longest = max(LONGEST_BACKOFF, first)
    doublings = min(max(attempts - 1, 0), _DOUBLINGS)
    return min(first * (1 << doublings), longest)


def new_line(
    tx: Transaction, instance: Instance, step: str, direction: Direction, status: Status
) -> LoggedStep:
    """Return the next line of the log, not yet stored."""
    n = max((line.n for line in instance.steps), default=0) + 1
    return LoggedStep(id=tx.new_id(), n=n, step=step, direction=direction, status=status)


def note(tx: Transaction, instance: Instance, reply: Reply, status: Status) -> None:
    """Log a reply that is not applied now: *late* for good, *early* for the step that it will serve."""
    line = new_line(tx, instance, instance.step or "-", instance.direction, status)
    line.replied_at, line.reply_type, line.reply = tx.now, reply.type, reply.data
    add_line(instance, line)


@dataclass
class Run:
    """The moves of ``instance`` by the definition ``saga``; the caller holds the lock and saves the instance."""

    tx: Transaction
    saga: Saga
    instance: Instance

    @property
    def place(self) -> int:
        """Where in the definition the saga stands; past the end when it has ended."""
        step = self.instance.step
        return len(self.saga.steps) if step is None else self.saga.place_of(step)

    @property
    def talking(self) -> Talking:
        """The step that waits for others."""
        step = self.saga.steps[self.place]
        if isinstance(step, Pivot):
            raise AssertionError(f"{self.saga.name} never rests at its pivot {step.name}")
        return step

    @property
    def may_turn_round(self) -> bool:
        """Whether a cancel is still accepted here."""
        going = self.instance.state == "running" and self.instance.direction == "forward"
        return going and self.place <= self.saga.last_cancellable

    @property
    def may_go_forward(self) -> bool:
        """Whether later steps can still come: it goes forward, or goes back but a fact may show that it is too late."""
        if self.instance.direction == "forward":
            return True
        step = self.saga.steps[self.place] if self.place < len(self.saga.steps) else None
        return isinstance(step, Await) and step.too_late != () and not self._something_undone

    @property
    def _something_undone(self) -> bool:
        return any(line.status == "undone" for line in self.instance.steps)

    def apply(self, reply: Reply) -> bool:
        """Let ``reply`` count if it is what the open step waits for; tell whether it did."""
        line = self.instance.open_step
        if line is None:
            return False
        if self.instance.direction == "forward":
            return self._answer_forward(line, reply)
        return self._answer_undo(line, reply)

    def _answer_forward(self, line: LoggedStep, reply: Reply) -> bool:
        match self.talking.outcome_of(reply):
            case "done":
                self.done(line, reply)
            case "waiting":
                self._waiting(line, reply)
            case "refused":
                self._refused(line, reply)
            case None:
                return False
        return True

    def _close(self, line: LoggedStep, status: Status, reply: Reply) -> None:
        line.status, line.replied_at = status, self.tx.now
        line.reply_type, line.reply = reply.type, reply.data
        change_line(self.instance, line)
        self.instance.needs_attention = False

    def done(self, line: LoggedStep, reply: Reply) -> None:
        """Count the open step as answered and go on with the next."""
        step = self.talking
        self._close(line, "done", reply)
        if step.on_done is not None:
            step.on_done(self.tx, self.instance.data, reply)
        self.go_forward(self.place + 1)

    def _waiting(self, line: LoggedStep, reply: Reply) -> None:
        step = self.talking
        if line.status == "sent":
            self._rest(step)
        self._close(line, "waiting", reply)
        if step.on_waiting is not None:
            step.on_waiting(self.tx, self.instance.data, reply)

    def _refused(self, line: LoggedStep, reply: Reply) -> None:
        step = self.talking
        assert isinstance(step, Step)
        self._close(line, "refused", reply)
        reason = step.on_refused(self.tx, self.instance.data, reply) if step.on_refused else None
        self._compensate(self.place - 1, reason or str(reply.data.get("reason") or f"{step.name} refused"))

    def _answer_undo(self, line: LoggedStep, reply: Reply) -> bool:
        step = self.talking
        if isinstance(step, Await) and fits(step.too_late, reply):
            return self._resume(step, line, reply)
        if not fits(step.undone, reply):
            return False
        self.undone(line, reply)
        return True

    def undone(self, line: LoggedStep, reply: Reply) -> None:
        """Count the open undo as answered and go on with the step before."""
        self._close(line, "undone", reply)
        self._undo_from(self.place - 1)

    def _resume(self, step: Await, line: LoggedStep, reply: Reply) -> bool:
        """Go forward again, if nothing else has been undone: the fact shows that there is no way back."""
        if self._something_undone:
            return False
        line.error = f"too late: {reply.type}"
        self._close(line, "given_up", reply)
        instance = self.instance
        instance.direction, instance.reason = "forward", None
        instance.data.pop("reason", None)
        if step.on_too_late is not None:
            step.on_too_late(self.tx, instance.data, reply)
        self._open_await(step, self.place)
        opened = instance.open_step
        if opened is not None and opened.step == step.name:
            self._answer_forward(opened, reply)
        return True

    def go_forward(self, place: int) -> None:
        """Open the step at ``place``: send its command, act at the pivot, or begin to wait; end after the last."""
        if place == len(self.saga.steps):
            return self._end("done")
        step = self.saga.steps[place]
        if not (isinstance(step, Pivot) or step.applies(self.instance.data)):
            return self.go_forward(place + 1)
        self.instance.step = step.name
        if isinstance(step, Pivot):
            return self._pass_pivot(step, place)
        if isinstance(step, Await):
            return self._open_await(step, place)
        moment = step.not_before(self.instance.data) if step.not_before is not None else None
        if moment is not None and moment > self.tx.now:
            return self._hold_back(step, moment)
        self._ask(step, new_line(self.tx, self.instance, step.name, "forward", "sent"))
        return None

    def _hold_back(self, step: Step, moment: datetime) -> None:
        """Send nothing before ``moment``; the deadline's timer then wakes the saga."""
        add_line(self.instance, new_line(self.tx, self.instance, step.name, "forward", "waiting"))
        self.instance.ask_again_at, self.instance.deadline_at = None, moment
        if step.on_held_back is not None:
            step.on_held_back(self.tx, self.instance.data)

    def _time_has_come(self, step: Step, line: LoggedStep) -> None:
        """Send the command that was held back, on the line of the log that waited for its time."""
        if step.on_time_come is not None:
            step.on_time_come(self.tx, self.instance.data)
        line.status, line.sent_at = "sent", self.tx.now
        self._send(step, line)
        change_line(self.instance, line)
        self._watch(step, line)

    def _pass_pivot(self, step: Pivot, place: int) -> None:
        step.act(self.tx, self.instance.data)
        line = new_line(self.tx, self.instance, step.name, "forward", "done")
        line.replied_at = self.tx.now
        add_line(self.instance, line)
        self.go_forward(place + 1)

    def _open_await(self, step: Await, place: int) -> None:
        line = new_line(self.tx, self.instance, step.name, "forward", "waiting")
        add_line(self.instance, line)
        self._rest(step)
        for early in [line for line in self.instance.steps if line.status == "early"]:
            reply = Reply(early.reply_type or "", early.reply or {}, early.id)
            opened = self.instance.open_step
            if self.place != place or opened is None or step.outcome_of(reply) is None:
                continue
            early.status = "used"
            change_line(self.instance, early)
            self._answer_forward(opened, reply)

    def _rest(self, step: Talking) -> None:
        """Wait without asking, up to the deadline."""
        self.instance.ask_again_at = None
        self.instance.deadline_at = self.tx.now + step.deadline_after

    def _end(self, state: State) -> None:
        instance = self.instance
        instance.state, instance.step, instance.needs_attention = state, None, False
        instance.ask_again_at = instance.deadline_at = None
        if state == "done" and self.saga.on_done is not None:
            self.saga.on_done(self.tx, instance.data)
        if state == "compensated" and self.saga.on_compensated is not None:
            self.saga.on_compensated(self.tx, instance.data, instance.reason or "")

    def _ask(self, step: Talking, line: LoggedStep) -> None:
        """Send the command of a new ``line`` of the log and set the timers that watch over it."""
        line.sent_at = self.tx.now
        add_line(self.instance, line)
        self._send(step, line)
        self._watch(step, line)

    def _watch(self, step: Talking, line: LoggedStep) -> None:
        forward = line.direction == "forward"
        self.instance.ask_again_at = self.tx.now + step.ask_again_after
        self.instance.deadline_at = self.tx.now + step.deadline_after if forward else None

    def _send(self, step: Talking, line: LoggedStep) -> None:
        build = step.command if isinstance(step, Step) and line.direction == "forward" else step.undo
        assert build is not None
        line.attempts += 1
        attempt = self.instance.asks(line.step, line.direction)
        line.command_id = self.instance.command_id(line.step, line.direction, attempt)
        body = build(self.tx, self.instance.data)
        send(self.tx, body, correlation_id=self.instance.correlation_id, message_id=line.command_id)

    def ask_again(self) -> None:
        """Send the open step's command once more; from ``attention_after`` asks on the saga needs attention."""
        line = self.instance.open_step
        if line is None or line.status != "sent":
            return
        step = self.talking
        self._send(step, line)
        if line.attempts >= step.attention_after:
            self.instance.needs_attention = True
            line.error = f"no answer to {line.attempts} asks since {line.sent_at:%Y-%m-%d %H:%M:%S} UTC"
            log.warning(
                "%s %s needs attention: %s %s", self.saga.name, self.instance.key, line.step, line.error
            )
        change_line(self.instance, line)
        self.instance.ask_again_at = self.tx.now + backoff(step.ask_again_after, line.attempts)

    def meet_deadline(self) -> None:
        """Let the open step's owner decide what its deadline means; without a decision, set the next one.

        A command that was held back goes out.
        """
        step, line = self.talking, self.instance.open_step
        if isinstance(step, Step) and line is not None and line.status == "waiting" and not line.attempts:
            return self._time_has_come(step, line)
        decision = step.on_deadline(self.tx, self.instance.data) if step.on_deadline is not None else None
        if decision is not None and self.may_turn_round:
            return self.turn_round(decision.reason)
        self.instance.deadline_at = self.tx.now + step.deadline_after
        return None

    def turn_round(self, reason: str) -> None:
        """Give up the step in flight and undo it with all that was done before it."""
        line = self.instance.open_step
        if line is not None:
            line.status, line.error = "given_up", reason
            change_line(self.instance, line)
        self._compensate(self.place, reason)

    def _compensate(self, place: int, reason: str) -> None:
        instance = self.instance
        instance.direction, instance.reason, instance.needs_attention = "compensating", reason, False
        instance.data["reason"] = reason
        self._undo_from(place)

    def _undo_from(self, place: int) -> None:
        """Send the undo of the nearest step at or before ``place`` that has one; compensated when there is none."""
        for earlier in range(place, -1, -1):
            step = self.saga.steps[earlier]
            if isinstance(step, Pivot) or step.undo is None or not step.applies(self.instance.data):
                continue
            self.instance.step = step.name
            self._ask(step, new_line(self.tx, self.instance, step.name, "compensating", "sent"))
            return
        self._end("compensated")
