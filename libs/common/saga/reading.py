"""Looking at sagas: one with its log, those that need a person, and those that nothing would ever wake."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from libs.common.db import Prepared
from libs.common.saga.instance import Instance, LoggedStep
from libs.common.saga.store import with_logs
from libs.common.saga.tables import saga, saga_step

# The step is looked for saga by saga: joined, PostgreSQL may read the logs of all sagas that ever were.
_SENT_AT = (
    select(saga_step.c.sent_at)
    .where(saga_step.c.saga_id == saga.c.id, saga_step.c.status == "sent")
    .limit(1)
    .scalar_subquery()
)
_ASKED = Prepared(
    select(_SENT_AT)
    .where(saga.c.ask_again_at.is_not(None))
    .order_by(saga.c.ask_again_at)
    .limit(bindparam("most"))
)


def find(connection: Connection, name: str, key: str) -> Instance | None:
    """Return the saga ``name`` about ``key`` with its log, as last committed."""
    query = select(saga).where(saga.c.name == name, saga.c.key == key)
    found = with_logs(connection, connection.execute(query).mappings().all())
    return found[0] if found else None


def waiting_since(connection: Connection, most: int) -> list[datetime]:
    """Return when each command was sent that has no answer yet, the oldest first, at most ``most`` of them.

    A saga that rests (on a hold, or for a fact that comes when it comes) has been answered and is not among them.
    """
    asked = connection.execute(_ASKED, {"most": most})
    return sorted(sent_at for (sent_at,) in asked if sent_at is not None)


def needing_attention(connection: Connection, *, limit: int = 100) -> list[Instance]:
    """Return the sagas that need a person, the longest untouched first."""
    query = select(saga).where(saga.c.needs_attention).order_by(saga.c.updated_at).limit(limit)
    return with_logs(connection, connection.execute(query).mappings().all())


def asleep(connection: Connection) -> list[str]:
    """Return the keys of open sagas without a live timer; there are none, or something is broken."""
    never = saga.c.ask_again_at.is_(None) & saga.c.deadline_at.is_(None)
    query = select(saga.c.key).where(saga.c.state == "running", never).order_by(saga.c.key)
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
