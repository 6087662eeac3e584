"""Looking at sagas: one with its log, those that need a person, and those that nothing would ever wake."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, exists, select

from libs.common.saga.instance import Instance, LoggedStep, with_log
from libs.common.saga.tables import saga, saga_step, saga_timer


def find(connection: Connection, name: str, key: str) -> Instance | None:
    """Return the saga ``name`` about ``key`` with its log, as last committed."""
    row = connection.execute(select(saga).where(saga.c.name == name, saga.c.key == key)).mappings().first()
    return None if row is None else with_log(connection, row)


def waiting_since(connection: Connection, most: int) -> list[datetime]:
    """Return when each command was sent that has no answer yet, the oldest first, at most ``most`` of them.

    A saga that rests (on a hold, or for a fact that comes when it comes) has been answered and is not among them.
    """
    asked = (
        select(saga_step.c.sent_at)
        .join(saga_timer, saga_timer.c.saga_id == saga_step.c.saga_id)
        .where(
            saga_timer.c.fired_at.is_(None), saga_timer.c.name == "ask_again", saga_step.c.status == "sent"
        )
        .order_by(saga_timer.c.due_at)
        .limit(most)
    )
    return sorted(connection.execute(asked).scalars())


def needing_attention(connection: Connection, *, limit: int = 100) -> list[Instance]:
    """Return the sagas that need a person, the longest untouched first."""
    query = select(saga).where(saga.c.needs_attention).order_by(saga.c.updated_at).limit(limit)
    return [with_log(connection, row) for row in connection.execute(query).mappings().all()]


def asleep(connection: Connection) -> list[str]:
    """Return the keys of open sagas without a live timer; there are none, or something is broken."""
    live = exists().where(saga_timer.c.saga_id == saga.c.id, saga_timer.c.fired_at.is_(None))
    query = select(saga.c.key).where(saga.c.state == "running", ~live).order_by(saga.c.key)
    return list(connection.execute(query).scalars())


def tell(instance: Instance) -> str:
    """Return the story of a saga as lines of text, the same for the same course of events."""
    end = f"{instance.state}{' at ' + instance.step if instance.step else ''}"
    marks = [end, instance.direction] + (["NEEDS ATTENTION"] if instance.needs_attention else [])
    head = f"{instance.name} v{instance.definition_version} {instance.key}: {', '.join(marks)}"
    reason = [f"reason: {instance.reason}"] if instance.reason else []
    return "\n".join([head, *reason, *(_tell_line(line) for line in instance.steps)]) + "\n"


def _tell_line(line: LoggedStep) -> str:
    arrow = "->" if line.direction == "forward" else "<-"
    asks = f" asked {line.attempts}x" if line.attempts else ""
    reply = f" by {line.reply_type}" if line.reply_type else ""
    error = f" ({line.error})" if line.error else ""
    return f"{line.n:3} {arrow} {line.step:<16} {line.status:<8}{asks}{reply}{error}".rstrip()
