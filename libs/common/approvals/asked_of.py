"""Which approvals wait for somebody, and which name him: the rules of ``quorum``, said to the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from libs.common.approvals.quorum import EVERY_ROLE, Voice
from libs.common.approvals.tables import (
    approval,
    approval_act,
    approval_approver,
    approval_barred,
    approval_step,
)


def waits_for(voices: Sequence[Voice]) -> ColumnElement[bool]:
    """Return the condition that an approval has an open step for one of ``voices``, the speaker's own first.

    The speaker may not have decided on the step yet, nor may anybody for the voice, and neither is barred.
    """
    me = voices[0].person
    asked = [_asked(me, voice) for voice in voices]
    return and_(approval.c.state == "waiting", ~_barred(me), or_(*asked))


def _asked(me: str, voice: Voice) -> ColumnElement[bool]:
    step = approval_step.c
    used = exists().where(
        approval_act.c.approval_id == step.approval_id,
        approval_act.c.step == step.n,
        approval_act.c.deed.in_(("approved", "rejected")),
        or_(*(column.in_({me, voice.person}) for column in (approval_act.c.by, approval_act.c.voice))),
    )
    named = exists().where(
        approval_approver.c.approval_id == step.approval_id,
        approval_approver.c.n == step.n,
        _is_named(voice),
    )
    is_open = and_(step.opened_at.is_not(None), step.approved_at.is_(None))
    mine = exists(select(step.n).where(step.approval_id == approval.c.id, is_open, named, ~used))
    return and_(mine, ~_barred(voice.person))


def names_one_of(voices: Sequence[Voice]) -> ColumnElement[bool]:
    """Return the condition that an approval is, or was, for one of ``voices`` to decide, or that he did so."""
    me = voices[0].person
    named = exists().where(
        approval_approver.c.approval_id == approval.c.id, or_(*(_is_named(voice) for voice in voices))
    )
    acted = exists().where(approval_act.c.approval_id == approval.c.id, approval_act.c.by == me)
    return or_(named, acted)


def _is_named(voice: Voice) -> ColumnElement[bool]:
    approver = approval_approver.c
    by_name = and_(approver.kind == "user", approver.name == voice.person)
    if EVERY_ROLE in voice.roles:
        return or_(by_name, approver.kind == "role")
    of_role = approver.name.in_(voice.roles) if voice.roles else false()
    return or_(by_name, and_(approver.kind == "role", of_role))


def _barred(person: str) -> ColumnElement[bool]:
    return exists().where(approval_barred.c.approval_id == approval.c.id, approval_barred.c.person == person)
