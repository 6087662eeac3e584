"""Delegations over HTTP: who decides for whom, from which day to which."""

from __future__ import annotations

from typing import Any

from libs.common.approvals import Delegate, Delegation, delegate, delegations_of, end_delegation
from libs.common.approvals_api.mount import Mount, voice
from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields, principal


class DelegationIn(Strict):
    """Who decides for you, on all that waits for you, from ``first_day`` to ``last_day``, both included."""

    deputy_id = fields.Text(max=64, required=True)
    first_day = fields.DateField(required=True)
    last_day = fields.DateField(required=True)
    reason = fields.Text(max=500, multiline=True)


class DelegationOut(Strict):
    """A delegation; ``roles`` are those that are lent."""

    id = fields.IdField()
    person_id = fields.Text(max=64, attribute="person")
    roles = fields.ListOf(fields.Text(max=32), least=0, attribute="lent_roles")
    deputy_id = fields.Text(max=64, attribute="deputy")
    first_day = fields.DateField()
    last_day = fields.DateField()
    reason = fields.Text(max=500, allow_none=True)
    created_at = fields.UtcField()
    ended_at = fields.UtcField(allow_none=True)


def delegations_noun(mount: Mount) -> Noun:
    """Return the routes of delegations; they are of this service's approvals."""
    delegations = Noun(
        mount.name("approval_delegations"),
        mount.path("approval-delegations"),
        description="Who approves for whom meanwhile",
    )
    people = mount.roles.people

    @delegations.command(
        "POST",
        "/",
        body=DelegationIn,
        answer=DelegationOut,
        status=201,
        roles=people,
        summary="Name a deputy",
    )
    def create(tx: Transaction, body: dict[str, Any]) -> Delegation:
        """Let somebody decide in your name; it is recorded so, and gives nobody a say in what he or you wrote."""
        deputy = body.pop("deputy_id")
        return delegate(tx, Delegate(voice(), deputy, **body), mount.today())

    @delegations.query("/", answer=DelegationOut, roles=people, paged=True, summary="Your delegations")
    def index(connection: Connection, page: PageRequest) -> Page:
        """List the delegations by you and to you, the latest first."""
        rows = delegations_of(connection, principal().subject, after=page.after, limit=page.limit + 1)
        return Page.of(rows, page, key=lambda row: (row.id,))

    @delegations.command(
        "POST",
        "/<uuid:delegation_id>/end",
        answer=DelegationOut,
        roles=people,
        summary="Decide yourself again",
    )
    def end(tx: Transaction, delegation_id: str) -> Delegation:
        """End a delegation of your own from now on; what was decided stays decided."""
        return end_delegation(tx, delegation_id, principal().subject)

    return delegations
