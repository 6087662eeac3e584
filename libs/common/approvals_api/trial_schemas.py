"""How a trial of a flow is shown: how many of the last documents it would have stopped, and for whom."""

from __future__ import annotations

from libs.common.approvals_api.mount import Mount
from libs.common.approvals_api.views import ApproverOut
from libs.common.web import Strict, fields


class NotSaidOut(Strict):
    """How many of the documents do not say what a clause asks for: it did not hold of them."""

    field = fields.Text(max=64)
    documents = fields.CountField(least=1)


def trial_schema(mount: Mount) -> type[Strict]:
    """Return the answer of a trial; the documents have the name that the mount gives them."""
    documents = mount.words.documents
    asked = {documents: fields.CountField(least=1, attribute="documents")}

    class AskedOften(Strict):
        kind = fields.Choice("role", "user", "superior", attribute="approver.kind")
        name = fields.Text(max=64, attribute="approver.name")

    class Stopped(mount.words.needed):  # type: ignore[name-defined,misc] # the mount's own class
        approvers = fields.ListOf(ApproverOut, least=0)
        stuck = fields.Flag()

    class Tried(Strict):
        looked_at = fields.CountField()
        needed = fields.CountField()
        stuck = fields.CountField()

    often = type(
        "AskedHowOftenOut", (AskedOften,), {"__doc__": "How often a role or a person is asked.", **asked}
    )
    needed = type(
        "NeededByOut",
        (Stopped,),
        {
            "__doc__": "What would have waited, and for whom; stuck: its authors are all who are named for a step."
        },
    )
    lists = {
        "approvers": fields.ListOf(often, least=0),
        documents: fields.ListOf(needed, least=0, attribute="documents"),
        "not_said": fields.ListOf(NotSaidOut, least=0),
    }
    return type(
        "TrialOut", (Tried,), {"__doc__": "What the flow would have done to the last documents.", **lists}
    )
